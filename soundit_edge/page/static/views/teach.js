// Teaching: the sets that there are, a form for a new one, and the lesson that is given.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { VOCABULARY } from "../vocabulary.js";
import { card } from "./card.js";
import { Lesson } from "./lesson.js";
import { button, goodness } from "./teach_parts.js";

const SOON_MS = 250; // while a lesson is given
const LATER_MS = 3000;
const SECONDS = 3;
const first = () => ({ expression: [t("smile"), t("neutral")], gesture: [t("wave"), t("stand still")] });
const EMOTIONS = Object.keys(VOCABULARY.emotions);

function select(options, chosen) {
  const made = element("select", "", ...options.map(([value, text]) => Object.assign(element("option", "", text), { value })));
  made.value = chosen;
  return made;
}

function field(text, input) {
  return element("label", "field", element("span", "label", text), input);
}

export class Teach {
  /** @param {import("../device.js").Device} device */
  constructor(device) {
    this.device = device;
    this.trouble = element("p", "trouble");
    this.trouble.setAttribute("role", "alert");
    this.sets = element("ul", "list");
    this.begin = button(t("Teach it"), () => this.fill());
    this.form = element("form", "teach");
    this.form.hidden = true;
    this.lesson = new Lesson((...request) => this.ask(...request));
    this.root = element("div", "", this.trouble, this.begin, this.form, this.lesson.root, this.sets);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.start();
    });
    this.shown = "";
    this.follow();
  }

  close() {
    clearTimeout(this.timer);
    this.closed = true;
    this.lesson.close();
  }

  /** Ask for a change; what is refused is said. */
  async ask(method, path, body = {}) {
    try {
      const status = await this.device.ask(method, path, body);
      setText(this.trouble, "");
      this.show(status);
      return true;
    } catch (refusal) {
      setText(this.trouble, refusal.message);
      return false;
    }
  }

  async follow() {
    clearTimeout(this.timer);
    if (!document.hidden) {
      try {
        this.show(await this.device.ask("GET", "/api/own"));
      } catch (refusal) {
        setText(this.trouble, refusal.message);
      }
    }
    if (!this.closed) this.timer = setTimeout(() => this.follow(), this.busy ? SOON_MS : LATER_MS);
  }

  show(status) {
    if (this.closed) return;
    const began = !this.busy && Boolean(status.lesson);
    this.busy = Boolean(status.lesson);
    if (status.refusal || status.note) setText(this.trouble, t(status.refusal || status.note));
    this.begin.hidden = this.busy || !this.form.hidden;
    this.begin.disabled = Boolean(status.refusal);
    if (this.busy) this.form.hidden = true;
    this.lesson.show(status.lesson ?? null);
    this.showSets(status);
    if (began) this.follow();
  }

  showSets({ sets, lesson, refusal }) {
    const now = JSON.stringify([sets, lesson?.set.id, refusal]);
    if (now === this.shown) return; // an open card and the focus stay where they are
    this.shown = now;
    this.sets.replaceChildren(...sets.filter((one) => one.id !== lesson?.set.id).map((one) => this.row(one, Boolean(lesson || refusal))));
  }

  row(one, teaching) {
    const named = one.labels.map((label, i) => t("{name} ({count} takes)", { name: label.name, count: one.takes[i] })).join(", ");
    const buttons = element("p", "buttons");
    if (one.report && !one.note) {
      const use = one.in_use ? t("Do not use") : t("Use");
      buttons.append(button(use, () => this.ask("PUT", "/api/own/use", { kind: one.kind, set: one.in_use ? null : one.id })));
    }
    if (!teaching) buttons.append(button(t("More takes, or try it"), () => this.resume(one)));
    if (one.report) {
      const save = element("a", "button", t("Save"));
      save.href = `/api/own/sets/${one.id}`;
      save.download = "";
      buttons.append(save);
    }
    const forget = button(t("Delete"), () => {
      if (forget.dataset.sure) this.ask("DELETE", `/api/own/sets/${one.id}`);
      forget.dataset.sure = "yes";
      setText(forget, t("Delete for good?"));
    });
    buttons.append(forget);
    const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(one.created));
    const item = element(
      "li", "",
      element("h3", "", one.name, element("span", "quiet", ` ${one.in_use ? t("in use") : t("not in use")}`)),
      element("p", "facts", `${one.kind === "gesture" ? t("gestures") : t("expressions")} \u00b7 ${day} \u00b7 ${named}`),
    );
    if (one.note) item.append(element("p", "facts", t(one.note)));
    if (one.report) item.append(element("p", "", goodness(one.report)), card(one.id));
    item.append(buttons);
    return item;
  }

  /** Fill in the form for a new set. */
  fill() {
    const kind = select([["expression", t("Expressions of my face")], ["gesture", t("Gestures of my body")]], "expression");
    const name = element("input");
    Object.assign(name, { type: "text", maxLength: 40, required: true, value: t("Mine") });
    const rows = element("div", "labels");
    const camera = select([["device", t("The device’s camera")]], "device");
    // Browsers give their camera to pages of this machine, and to those that came over HTTPS.
    if (window.isSecureContext && navigator.mediaDevices) {
      camera.append(Object.assign(element("option", "", t("This browser’s camera")), { value: "browser" }));
    }
    const add = button(t("Another one"), () => addRow("", "neutral"));
    const addRow = (text, emotion) => {
      const input = element("input");
      Object.assign(input, { type: "text", maxLength: 40, required: true, value: text });
      const counts = select(EMOTIONS.map((one) => [one, t(one)]), emotion);
      const row = element("div", "pair", field(t("What you do"), input), field(t("It counts as"), counts));
      const drop = button(t("Remove"), () => {
        if (rows.children.length > 2) row.remove();
        refresh();
      });
      row.append(drop);
      rows.append(row);
      refresh();
    };
    const refresh = () => {
      add.disabled = rows.children.length >= 8;
      for (const drop of rows.querySelectorAll("button")) drop.disabled = rows.children.length <= 2;
    };
    const suggest = () => {
      rows.replaceChildren();
      addRow(first()[kind.value][0], "happy");
      addRow(first()[kind.value][1], "neutral");
    };
    kind.addEventListener("change", suggest);
    suggest();
    const go = element("button", "button strong", t("Begin"));
    this.form.replaceChildren(
      element("p", "quiet", t("You show each of them a few times for some seconds. Only numbers are kept of that, never a picture, and you can delete them.")),
      field(t("What I teach"), kind), field(t("Name"), name), rows, element("p", "buttons", add), field(t("Seen by"), camera),
      element("p", "buttons", go, button(t("Cancel"), () => this.cancel())),
    );
    this.values = () => ({
      kind: kind.value, name: name.value, camera: camera.value, seconds: SECONDS,
      labels: [...rows.children].map((row) => ({ name: row.querySelector("input").value, emotion: row.querySelector("select").value })),
    });
    this.form.hidden = false;
    this.begin.hidden = true;
    kind.focus();
  }

  cancel() {
    this.form.hidden = true;
    this.begin.hidden = false;
    this.begin.focus();
  }

  async start() {
    const values = this.values();
    if (await this.ask("POST", "/api/own/lesson", values)) this.lesson.root.scrollIntoView({ block: "start" });
  }

  resume(one) {
    return this.ask("PUT", "/api/own/lesson", { set: one.id, camera: "device", seconds: SECONDS });
  }
}
