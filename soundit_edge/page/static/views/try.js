// "Try it": a visitor's film, picture or sound is read and scored, and deleted when the visitor leaves.

import { Refusal } from "../api.js";
import { element, setText } from "../dom.js";
import { sense } from "../format.js";
import { t } from "../language.js";
import { Lanes, moment } from "../trials/lanes.js";
import { Recorder, objection } from "../trials/recorder.js";
import { showResult } from "../trials/results.js";
import { send } from "../trials/upload.js";
import { VOCABULARY } from "../vocabulary.js";

const LOOK_MS = 700; // between two looks at a trial that runs
const ALIVE_MS = 20000; // between two signs of life for one that has ended
const MUSIC = {
  compose: () => t("Composed for it"),
  morph: () => t("The theme, bent to it"),
  library: () => t("Songs of your library"),
};
const STAGES = {
  reading: () => t("Reading"),
  scoring: () => t("Making the music"),
  mixing: () => t("Mixing"),
  writing: () => t("Writing the film"),
};

function button(words, act) {
  const made = element("button", "button", words);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** A row of things to choose from: `type` is "checkbox" or "radio". */
function chips(legend, type, options, chosen) {
  const name = `try-${legend}`;
  const inputs = options.map(({ value, words, help = "" }) => {
    const input = element("input");
    Object.assign(input, { type, name, value, title: help, checked: chosen.includes(value) });
    return { input, label: element("label", "", input, element("span", "", words)) };
  });
  const set = element("fieldset", "choice chips", element("legend", "label", legend), ...inputs.map((one) => one.label));
  return { set, value: () => inputs.filter((one) => one.input.checked).map((one) => one.input.value).join(",") };
}

class TryView {
  #sending = null; // breaks off what is being sent
  #path = ""; // of the trial; "" while there is none
  #timer = null;
  #next = 0; // number of the reading to ask for
  #finished = false;

  constructor(root, device) {
    this.device = device;
    const senses = Object.keys(VOCABULARY.senses).map((value) => ({ value, words: t(sense(value)) }));
    this.senses = chips(t("Read by"), "checkbox", senses, Object.keys(VOCABULARY.senses));
    const music = Object.entries(MUSIC).map(([value, words]) => ({ value, words: words() }));
    this.music = chips(t("Music for a film"), "radio", music, ["compose"]);
    const presets = VOCABULARY.choices.preset.map(({ name, help }) => ({ value: name, words: t(name), help: t(help) }));
    this.preset = chips(t("How far it goes"), "radio", presets, [presets[0].value]);
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
    this.ask = element("div", "ask", this.#dropZone(), panel, this.senses.set, this.music.set, this.preset.set);
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

  #dropZone() {
    const input = element("input", "unseen");
    Object.assign(input, { type: "file", accept: "video/*,audio/*,image/*", tabIndex: -1 });
    input.setAttribute("aria-hidden", "true");
    input.addEventListener("change", () => this.start(input.files[0]).then(() => (input.value = "")));
    const zone = element(
      "div",
      "zone",
      element("p", "", t("Drop a file here, or")),
      element(
        "p",
        "buttons",
        button(t("Choose a file"), () => input.click()),
        button(t("Take a picture"), () => this.#record("picture")),
        button(t("Record ten seconds"), () => this.#record("film")),
      ),
      input,
    );
    for (const name of ["dragover", "dragleave", "drop"]) {
      zone.addEventListener(name, (event) => {
        event.preventDefault();
        zone.classList.toggle("over", name === "dragover");
        if (name === "drop") this.start(event.dataTransfer.files[0]);
      });
    }
    return zone;
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
    if (!this.senses.value()) throw new Refusal(t("Choose at least one sense."));
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
    const choices = { senses: this.senses.value(), music: this.music.value(), preset: this.preset.value() };
    const trial = await send(file, choices, (share) => (this.bar.value = share), sending.signal);
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
      const doing = { stage: (STAGES[trial.stage] ?? STAGES.reading)(), name, at: moment(trial.rows.at(-1)?.t ?? 0) };
      this.#show(t("{stage}: {name}", doing), trial.stage ? trial.share : null);
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
