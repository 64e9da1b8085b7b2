// "Try it": a visitor's film, picture or sound is read and scored, and deleted when the visitor leaves.

import { Refusal } from "../api.js";
import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { button, choices, dropZone } from "../trials/choices.js";
import { Lanes } from "../trials/lanes.js";
import { Recorder, objection } from "../trials/recorder.js";
import { showResult } from "../trials/results.js";
import { send } from "../trials/upload.js";

const LOOK_MS = 700; // between two looks at a trial that runs
const ALIVE_MS = 20000; // between two signs of life for one that has ended
const STAGES = {
  reading: () => t("Reading"),
  scoring: () => t("Making the music"),
  mixing: () => t("Mixing"),
  writing: () => t("Writing the film"),
};

class TryView {
  #sending = null; // breaks off what is being sent
  #path = ""; // of the trial; "" while there is none
  #timer = null;
  #next = 0; // number of the reading to ask for
  #finished = false;

  constructor(root, device) {
    this.device = device;
    this.choices = choices();
    this.trouble = element("p", "trouble");
    this.trouble.setAttribute("role", "alert");
    this.state = element("p", "state");
    this.state.setAttribute("role", "status");
    this.bar = element("progress");
    this.bar.max = 1;
    this.bar.setAttribute("aria-label", t("Progress"));
    this.end = button(t("Cancel"), () => this.reset());
    this.readings = element("div", "readings");
    this.result = element("div", "result");
    const panel = element("div", "recorder");
    this.recorder = new Recorder(panel, (file) => this.start(file));
    const zone = dropZone((file) => this.start(file), (what) => this.#record(what));
    this.ask = element("div", "ask", zone, panel, ...this.choices.rows);
    const head = element("div", "head", this.state, this.end);
    this.work = element("div", "work", head, this.bar, this.readings, this.result);
    this.work.hidden = true;
    root.append(
      element("h2", "title", t("Try it")),
      element("p", "lead", t("See what the device reads in a film, a picture or a sound of yours, and hear a film with music made for it. All of it stays on this device, and is deleted when you leave.")),
      this.trouble,
      this.ask,
      this.work,
    );
  }

  async #record(what) {
    setText(this.trouble, objection());
    if (objection()) return;
    await this.#said(() => this.recorder[what]());
  }

  /** Do something, and show why it could not be done. */
  async #said(act) {
    try {
      await act();
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Refusal)) throw error;
      this.reset();
      setText(this.trouble, error.message);
    }
  }

  /** Have a file tried. */
  async start(file) {
    if (!file || this.#sending) return;
    setText(this.trouble, "");
    this.recorder.close();
    await this.#said(() => this.#send(file));
  }

  async #send(file) {
    const sending = (this.#sending = new AbortController());
    const terms = await this.device.ask("GET", "/api/trials", undefined, { signal: sending.signal });
    if (terms.refusal) throw new Refusal(t(terms.refusal));
    const chosen = this.choices.values();
    if (!chosen.senses) throw new Refusal(t("Choose at least one sense."));
    if (file.size > terms.max_bytes) {
      throw new Refusal(t("The file is too large: at most {size} MB can be tried.", { size: terms.max_bytes / 1e6 }));
    }
    this.ask.hidden = true;
    this.work.hidden = false;
    setText(this.end, t("Cancel"));
    this.end.focus();
    this.lanes = new Lanes(this.readings);
    this.readings.hidden = true;
    this.#show(t("Sending {name}", { name: file.name }), 0);
    const trial = await send(file, chosen, (share) => (this.bar.value = share), sending.signal);
    this.#path = `/api/trials/${trial.id}`;
    [this.#next, this.#finished] = [0, false];
    await this.#look();
  }

  #show(words, share) {
    setText(this.state, words);
    if (share === null) this.bar.removeAttribute("value");
    else this.bar.value = share;
  }

  /** Look how the trial stands, and again in a while: that is also what says that somebody is still here. */
  async #look() {
    const path = this.#path;
    const trial = await this.device.ask("GET", `${path}?after=${this.#next}`);
    if (path !== this.#path) return; // it was deleted meanwhile
    const { name } = trial;
    this.#next = trial.next;
    if (trial.rows.length) {
      this.readings.hidden = false;
      this.lanes.add(trial.rows, trial.kind === "picture" ? 0 : trial.seconds);
    }
    if (trial.state === "failed") throw new Refusal(t(trial.note));
    if (trial.state === "waiting") this.#show(t("{name} waits for another trial to end", { name }), null);
    if (trial.state === "running") {
      const stage = (STAGES[trial.stage] ?? STAGES.reading)();
      this.#show(t("{stage}: {name}", { stage, name }), trial.stage ? trial.share : null);
    }
    if (trial.state === "done" && !trial.rows.length && !this.#finished) await this.#finish(path, name);
    if (path === this.#path) this.#lookIn(this.#finished ? ALIVE_MS : LOOK_MS);
  }

  #lookIn(milliseconds) {
    this.#timer = setTimeout(() => this.#said(() => this.#again()), milliseconds);
  }

  /** Look again; a device that does not answer for a moment is asked once more. */
  async #again() {
    try {
      await this.#look();
    } catch (error) {
      if (error.code !== 0) throw error;
      setText(this.trouble, error.message);
      this.#lookIn(LOOK_MS);
      return;
    }
    setText(this.trouble, "");
  }

  async #finish(path, name) {
    const result = await this.device.ask("GET", `${path}/result`);
    if (path !== this.#path) return;
    this.#finished = true;
    this.#show(name, 1);
    this.bar.hidden = true;
    this.lanes.finish();
    setText(this.end, t("Delete now"));
    showResult(this.result, path, name, result);
  }

  /** Delete what there is, and begin again. */
  reset() {
    const focused = this.work.contains(document.activeElement);
    this.leave();
    setText(this.trouble, "");
    this.readings.replaceChildren();
    this.result.replaceChildren();
    this.bar.hidden = false;
    this.work.hidden = true;
    this.ask.hidden = false;
    if (focused) this.ask.querySelector("button").focus();
  }

  /** Delete what there is, also where the page goes away meanwhile. */
  leave() {
    clearTimeout(this.#timer);
    this.#sending?.abort();
    this.#sending = null;
    this.recorder.close();
    if (this.#path) this.device.ask("DELETE", this.#path, {}, { keepalive: true }).catch(() => {});
    this.#path = "";
  }
}

export function open(root, device) {
  const view = new TryView(root, device);
  const leave = () => view.reset();
  addEventListener("pagehide", leave);
  return () => {
    removeEventListener("pagehide", leave);
    view.leave();
  };
}
