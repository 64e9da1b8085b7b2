// Rows of settings: each with its control, what became of the last change, and the way back; wherever they are shown.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { control, pickers } from "./setting.js";
import { periods } from "./week.js";

export const PATH = "/api/settings";
/** Say the path of a setting's key in one word. */
export const name = (path) => path.join(".");
const tree = (path, value) => path.reduceRight((inner, key) => ({ [key]: inner }), value);

/** One setting: its row, its control, and what became of the last change. */
export class Row {
  constructor(setting, view) {
    Object.assign(this, { setting, view, seen: setting.value, pending: false });
    this.id = `setting-${setting.path.join("-")}`;
    this.control = view.controlOf(setting);
    const title = element("label", "title", t(setting.about.title));
    title.id = `${this.id}-title`;
    const help = element("p", "help quiet", t(setting.about.description));
    help.id = `${this.id}-help`;
    if (this.control.value) this.control.input.id = this.id;
    title.htmlFor = this.control.input.id;
    this.control.input.setAttribute("aria-labelledby", title.id);
    this.control.input.setAttribute("aria-describedby", help.id);
    this.said = element("span");
    this.said.setAttribute("role", "status");
    this.undo = element("button", "button undo", t("Undo"));
    Object.assign(this.undo, { type: "button", hidden: true });
    this.waits = element("span", "waits", t("at the next start"));
    const below = element("p", "outcome", this.said, this.undo);
    this.root = element("li", "setting", element("div", "about", title, this.waits, help), this.control.root, below);
    this.root.classList.toggle("wide", this.control.root.matches(".week-editor"));
    this.words = `${name(setting.path)} ${setting.about.title} ${setting.about.description} ${title.textContent} ${help.textContent}`.toLowerCase();
    if (this.control.value) this.control.root.addEventListener("change", () => this.choose());
    this.control.show(setting.value);
    this.show(setting);
  }

  show(setting) {
    this.setting = setting;
    this.seen = setting.value;
    // A picker changes the device itself, at once.
    this.waits.hidden = setting.applies === "at once" || this.control.value === null;
    this.waits.classList.toggle("due", setting.waits);
    // What is just being chosen stays, and what is as it is need not be drawn again under somebody's hands.
    const shown = this.control.value && JSON.stringify(this.control.value());
    if (!this.pending && shown !== JSON.stringify(setting.value)) this.control.show(setting.value);
  }

  choose() {
    const { input } = this.control;
    if (input.checkValidity && !input.checkValidity()) return this.say(input.validationMessage, true);
    this.pending = true;
    return this.view.inTurn(() => this.sendChosen());
  }

  /** Send what is chosen by now, unless that was sent already with an earlier turn. */
  async sendChosen() {
    if (!this.pending) return;
    this.pending = false;
    await this.send(this.control.value(), this.seen);
  }

  async send(value, before) {
    try {
      await this.view.change(tree(this.setting.path, value), tree(this.setting.path, before));
    } catch (refusal) {
      if (refusal.code === 409) await this.view.reload();
      this.control.show(this.seen);
      return this.say(refusal.message, true);
    }
    this.undo.hidden = this.setting.secret;
    this.undo.onclick = () => this.view.inTurn(() => this.takeBack(before));
    return this.say(this.setting.waits ? t("Kept; it counts from the next start on.") : t("Kept."));
  }

  async takeBack(before) {
    await this.send(before, this.seen);
    this.undo.hidden = true;
    this.control.input.focus();
  }

  say(sentence, wrong = false) {
    this.said.setAttribute("role", wrong ? "alert" : "status");
    this.said.classList.toggle("wrong", wrong);
    setText(this.said, sentence);
  }
}

/** Settings of the device that are shown in rows. A view of them says in `show` what it makes of their picture. */
export class Rows {
  rows = new Map();
  #turn = Promise.resolve();
  #pickers = pickers();

  constructor(device) {
    this.device = device;
    this.note = element("p", "trouble");
    this.note.setAttribute("role", "alert");
  }

  /** Make the row of a setting. */
  row(setting) {
    const row = new Row(setting, this);
    this.rows.set(name(setting.path), row);
    return row;
  }

  /** Make the control of a setting: one that was made by hand for it, or one made from its description. */
  controlOf(setting) {
    if (setting.about.items?.properties) return periods(setting);
    return this.#pickers[name(setting.path)]?.(this.device) ?? control(setting);
  }

  /** Do one thing after the other: a change must not overtake the one before it. */
  inTurn(act) {
    this.#turn = this.#turn.then(act);
    return this.#turn;
  }

  async reload() {
    this.show(await this.device.ask("GET", PATH));
  }

  async change(changes, was) {
    this.show(await this.device.ask("PATCH", PATH, { changes, was }));
  }

  /** Show the settings as they are now. */
  show(picture) {
    setText(this.note, picture.note);
    for (const table of picture.tables) for (const setting of table.settings) this.rows.get(name(setting.path))?.show(setting);
  }
}
