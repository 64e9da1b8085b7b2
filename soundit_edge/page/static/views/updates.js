// Updates of the models: which set is in use, whether a better one is ready, what becomes of it, and the way back.

import { element, setText } from "../dom.js";
import { percent } from "../format.js";
import { LOCALE, t } from "../language.js";
import { Switch } from "../switch.js";
import { Rows } from "./setting_rows.js";
import { button } from "./teach_parts.js";

const PATH = "/api/updates";
const SECTION = "update";
const DAY = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" });
const MEGABYTES = new Intl.NumberFormat(LOCALE, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });

/** What the card says first, by the state of the updates. */
const STATES = {
  idle: ({ in_use: now }) =>
    now.shipped ? t("The models that came with the device are in use") : t("Release {number} of the models is in use", { number: now.release }),
  asking: () => t("Looking for better models"),
  ready: () => t("Better models are ready"),
  fetching: () => t("Better models are being fetched"),
  checking: () => t("Better models are being checked"),
  watching: () => t("Better models are being tried"),
};

/** What follows it, where that is not clear. */
const AFTER = {
  fetching: () => t("The present ones go on meanwhile."),
  checking: () => t("Whether they answer on this device as they should, and fast enough. The present ones go on meanwhile."),
  watching: () => t("They look and listen beside the present ones, which go on meanwhile. They are kept if they are well."),
};

/** The settings of updates, for who may change them. */
class UpdateSettings extends Rows {
  constructor(device) {
    super(device);
    this.list = element("ul");
    const rows = element("section", "settings", this.note, this.list);
    this.root = element("details", "", element("summary", "", t("When, and from where")), rows);
    this.root.hidden = true;
  }

  show(picture) {
    if (this.rows.size === 0) {
      const table = picture.tables.find(({ path }) => path.join() === SECTION);
      this.list.append(...table.settings.map((setting) => this.row(setting).root));
      this.root.hidden = false;
    }
    super.show({ ...picture, tables: picture.tables.filter(({ path }) => path.join() === SECTION) });
  }

  /** Get the settings, which only administrators may. */
  async load() {
    if (!this.device.may("admin") || this.rows.size > 0) return;
    await this.reload().catch((refusal) => setText(this.note, refusal.message));
  }
}

/** The sets that were given up, each with the way to have it again. */
class Refused {
  constructor(ask) {
    this.list = element("ul", "list");
    this.root = element("details", "", element("summary", "", t("Not taken again")), this.list);
    this.ask = ask;
  }

  show(refused, may) {
    this.root.hidden = refused.length === 0;
    this.list.replaceChildren(...refused.map((one) => {
      const again = button(t("Allow it again"), () => this.ask("DELETE", `/refused/${one.id}`, {}));
      again.setAttribute("aria-label", t("Allow {set} again", { set: one.id }));
      const name = t("Release {number}", { number: parseInt(one.id, 10) });
      const about = element("p", "", `${name}: ${t(one.why)} `, element("span", "quiet", `(${one.id})`));
      return element("li", "", about, ...(may ? [again] : []));
    }));
  }
}

export class Updates {
  /** @param {import("../device.js").Device} device */
  constructor(device) {
    this.device = device;
    this.head = element("h2", "title");
    this.about = element("p");
    this.notes = element("p", "notes");
    this.bar = element("progress");
    this.bar.setAttribute("aria-label", t("How far it is"));
    this.share = element("span", "quiet");
    this.take = button(t("Take them"), () => this.ask("POST", "/take", {}));
    this.take.classList.add("strong");
    this.stop = button(t("Stop"), () => this.ask("DELETE", "/take", {}));
    this.look = button(t("Look now"), () => this.ask("POST", "/look", {}));
    this.back = button(t("Go back"), () => this.ask("POST", "/back", {}));
    this.trouble = element("p", "trouble");
    this.trouble.setAttribute("role", "alert");
    this.pin = new Switch(
      t("Keep the models in use"),
      t("Whatever is offered."),
      (pinned) => device.ask("PUT", `${PATH}/pin`, { pinned }),
      this.trouble,
    );
    this.outcome = element("p");
    this.looked = element("p", "quiet");
    this.settings = new UpdateSettings(device);
    this.refused = new Refused((...asked) => this.ask(...asked));
    const said = element("div", "", this.head, this.about);
    said.setAttribute("role", "status");
    this.going = element("p", "going", this.bar, this.share);
    this.root = element("section", "updates", said, this.notes, this.going,
      element("p", "buttons", this.take, this.stop, this.look, this.back), this.trouble, this.outcome, this.looked,
      this.pin.root, this.settings.root, this.refused.root);
    this.root.setAttribute("aria-label", t("Updates of the models"));
    this.ends = [device.onRole(() => this.settings.load()), device.onStatus(({ update }) => this.show(update))];
  }

  /** Ask for something, and show what the device says to it. */
  async ask(method, path, body) {
    setText(this.trouble, "");
    try {
      this.showRefused(await this.device.ask(method, `${PATH}${path}`, body));
    } catch (refusal) {
      setText(this.trouble, refusal.message);
    }
  }

  showRefused({ now, refused }) {
    this.refused.show(refused, this.device.may("admin"));
    this.show(now);
  }

  show(update) {
    const { state, offered, in_use: now, share } = update;
    const busy = state !== "idle" && state !== "ready";
    const may = this.device.may("admin");
    this.root.dataset.state = state;
    setText(this.head, STATES[state](update));
    setText(this.about, AFTER[state]?.() ?? (state === "ready" ? this.facts(offered, may) : ""));
    // In its publisher's words: nobody has translated them.
    setText(this.notes, state === "idle" || state === "asking" ? now.notes : (offered?.notes ?? ""));
    this.going.hidden = !busy;
    if (share === null) this.bar.removeAttribute("value");
    else this.bar.value = share;
    setText(this.share, share === null ? "" : percent(share));
    this.take.hidden = !may || state !== "ready";
    this.stop.hidden = !may || (state !== "asking" && state !== "fetching");
    this.look.hidden = !may || busy || !update.mirrors;
    this.back.hidden = !may || busy || !update.back;
    setText(this.outcome, busy || !update.outcome ? "" : t(update.outcome));
    this.outcome.classList.toggle("trouble", update.failed);
    setText(this.looked, this.lookedAt(update));
    this.pin.show(update.pinned, may);
    // What is refused changes with the outcome, and is not in the status.
    if (this.seen !== update.outcome) this.reload();
    this.seen = update.outcome;
  }

  facts(offered, may) {
    const facts = [t("Release {number}", { number: offered.release }), MEGABYTES.format(offered.bytes / 1e6)];
    if (!may) facts.push(t("an administrator can take them"));
    return facts.join(" \u00b7 ");
  }

  lookedAt({ mirrors, looked, mode }) {
    if (!mirrors) return t("Nothing is looked for: no mirror is named. Name one below, or plug in a USB stick with the folder soundit-models.");
    const parts = [looked === null ? t("Nobody was asked yet.") : t("Last looked {when}.", { when: DAY.format(1000 * looked) })];
    if (mode === "off") parts.push(t("Nothing is looked for by itself."));
    return parts.join(" ");
  }

  async reload() {
    const picture = await this.device.ask("GET", PATH).catch(() => null); // the stream says what is the matter
    if (picture) this.refused.show(picture.refused, this.device.may("admin"));
  }

  close() {
    for (const end of this.ends) end();
  }
}
