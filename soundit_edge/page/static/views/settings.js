// The settings: every one with a control made from its description, kept at once, and each change can be undone.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { control, pickers } from "./setting.js";
import { periods, Week } from "./week.js";

const PATH = "/api/settings";
const ELSEWHERE = new Set(["page.welcomed"]); // the guide itself
const LATER = new Set(["music.lock", "inference"]); // closed at first: few need them
const name = (path) => path.join(".");
const tree = (path, value) => path.reduceRight((inner, key) => ({ [key]: inner }), value);

/** One setting: its row, its control, and what became of the last change. */
class Row {
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

class SettingsView {
  constructor(root, device, pickers) {
    Object.assign(this, { root, device, pickers, rows: new Map(), week: new Week(), turn: Promise.resolve() });
    this.search = element("input");
    Object.assign(this.search, { type: "search", placeholder: t("Search the settings") });
    this.search.setAttribute("aria-label", t("Search the settings"));
    this.search.addEventListener("input", () => this.filter());
    this.note = element("p", "trouble");
    this.note.setAttribute("role", "alert");
    this.restart = element("p", "restart", t("What is marked counts from the next start on: stop soundit and start it again, or switch the device off and on."));
    this.groups = element("div", "groups");
    this.found = element("p", "quiet", t("No setting is called so."));
    this.found.setAttribute("role", "status");
    root.append(element("div", "head", element("h2", "", t("Settings")), this.search), this.note, this.restart, this.groups, this.found, this.exchange());
  }

  /** Make the control of a setting: one that was made by hand for it, or one made from its description. */
  controlOf(setting) {
    if (setting.about.items?.properties) return periods(setting);
    return this.pickers[name(setting.path)]?.(this.device) ?? control(setting);
  }

  /** Do one thing after the other: a change must not overtake the one before it. */
  inTurn(act) {
    this.turn = this.turn.then(act);
    return this.turn;
  }

  async reload() {
    this.show(await this.device.ask("GET", PATH));
  }

  async change(changes, was) {
    this.show(await this.device.ask("PATCH", PATH, { changes, was }));
  }

  show(picture) {
    setText(this.note, picture.note);
    setText(this.where, picture.file ? t("They lie in {file}.", { file: picture.file }) : "");
    const all = picture.tables.flatMap((table) => table.settings);
    this.restart.hidden = !all.some((setting) => setting.waits);
    if (this.rows.size === 0) this.build(picture.tables);
    for (const setting of all) this.rows.get(name(setting.path))?.show(setting);
    const value = (path) => all.find((setting) => name(setting.path) === path).value;
    this.week.show(value("schedule.quiet"), value("schedule.entries"));
    // As the device's own clock has it, wherever the reader is.
    setText(this.clock, t("It is {time} at the device.", { time: picture.time.slice(11, 16) }));
  }

  build(tables) {
    this.clock = element("p", "quiet");
    this.holds = element("p");
    for (const table of tables) {
      const path = name(table.path);
      const group = element("details", "group", element("summary", "", element("h3", "", t(table.title))));
      group.open = !LATER.has(path) && !path.startsWith("integrations");
      group.append(element("p", "quiet", t(table.description)));
      if (path === "schedule") group.append(this.clock, this.holds, this.week.root);
      const list = element("ul");
      for (const setting of table.settings.filter((one) => !ELSEWHERE.has(name(one.path)))) {
        const row = new Row(setting, this);
        this.rows.set(name(setting.path), row);
        list.append(row.root);
      }
      group.append(list);
      this.groups.append(group);
    }
    this.filter();
  }

  /** Show the settings that the words in the search box stand in. */
  filter() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of this.rows.values()) row.root.hidden = !words.every((word) => row.words.includes(word));
    for (const group of this.groups.children) {
      group.hidden = !group.querySelector(".setting:not([hidden])");
      if (words.length && !group.hidden) group.open = true;
    }
    this.found.hidden = [...this.groups.children].some((group) => !group.hidden);
  }

  /** The buttons that take the settings away and bring them back, and the way back to the guide. */
  exchange() {
    const take = element("a", "button", t("Export"));
    Object.assign(take, { href: `${PATH}/export`, download: "settings.toml" });
    const file = element("input");
    Object.assign(file, { type: "file", accept: ".toml", hidden: true });
    const bring = element("button", "button", t("Import"));
    bring.type = "button";
    bring.addEventListener("click", () => file.click());
    const said = element("span");
    said.setAttribute("role", "status");
    file.addEventListener("change", async () => {
      const body = new Blob([file.files[0]], { type: "application/toml" });
      file.value = "";
      try {
        this.show(await this.device.ask("POST", `${PATH}/import`, body));
        setText(said, t("Taken over; the file that was there is kept beside it."));
      } catch (refusal) {
        setText(said, refusal.message);
      }
    });
    const guide = element("a", "button", t("Show the guide of the first run"));
    guide.href = "#first";
    this.where = element("p", "quiet");
    return element("div", "exchange", element("p", "", take, bring, file, guide, said), this.where);
  }
}

/** Fill in the view. */
export async function open(root, device) {
  const view = new SettingsView(root, device, pickers());
  try {
    await view.reload();
  } catch (refusal) {
    return root.replaceChildren(element("p", "trouble", refusal.message));
  }
  return device.onStatus(({ schedule }) => setText(view.holds, schedule ? t("Now: {what}.", { what: schedule }) : ""));
}
