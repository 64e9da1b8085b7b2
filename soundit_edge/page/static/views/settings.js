// The settings: every one with a control made from its description, kept at once, and each change can be undone.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { PATH, Rows, name } from "./setting_rows.js";
import { Week } from "./week.js";

const ELSEWHERE = new Set(["page.welcomed"]); // the guide itself
const LATER = new Set(["music.lock", "inference"]); // closed at first: few need them

class SettingsView extends Rows {
  week = new Week();

  constructor(root, device) {
    super(device);
    this.search = element("input");
    Object.assign(this.search, { type: "search", placeholder: t("Search the settings") });
    this.search.setAttribute("aria-label", t("Search the settings"));
    this.search.addEventListener("input", () => this.filter());
    this.restart = element("p", "restart", t("What is marked counts from the next start on: stop soundit and start it again, or switch the device off and on."));
    this.groups = element("div", "groups");
    this.found = element("p", "quiet", t("No setting is called so."));
    this.found.setAttribute("role", "status");
    root.append(element("div", "head", element("h2", "", t("Settings")), this.search), this.note, this.restart, this.groups, this.found, this.exchange());
  }

  show(picture) {
    setText(this.where, picture.file ? t("They lie in {file}.", { file: picture.file }) : "");
    const all = picture.tables.flatMap((table) => table.settings);
    this.restart.hidden = !all.some((setting) => setting.waits);
    if (this.rows.size === 0) this.build(picture.tables);
    super.show(picture);
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
        list.append(this.row(setting).root);
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
    const help = element("a", "button", t("Help"));
    help.href = "#help";
    this.where = element("p", "quiet");
    return element("div", "exchange", element("p", "", take, bring, file, guide, help, said), this.where);
  }
}

/** Fill in the view. */
export async function open(root, device) {
  const view = new SettingsView(root, device);
  try {
    await view.reload();
  } catch (refusal) {
    return root.replaceChildren(element("p", "trouble", refusal.message));
  }
  return device.onStatus(({ schedule }) => setText(view.holds, schedule ? t("Now: {what}.", { what: schedule }) : ""));
}
