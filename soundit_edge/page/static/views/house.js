// The house: what the device can be connected with, how each connection is, and its settings for who may change them.

import { element, setText } from "../dom.js";
import { decimal, since } from "../format.js";
import { t } from "../language.js";
import { Rows } from "./setting_rows.js";

const SECTION = "integrations";
const ENABLED = "enabled";

/** How an integration is and since when, by its state; `ago` says how long ago that began. */
const STATES = {
  off: () => t("Switched off."),
  connecting: (ago) => t("Connecting; first tried {ago}.", { ago }),
  on: (ago) => t("Connected {ago}.", { ago }),
  lost: (ago) => t("Not connected: lost {ago}, and tried again.", { ago }),
};

/** One integration: its switch, how it is, and the rest of its settings. */
class Card {
  constructor(title) {
    this.title = element("h3", "", t(title));
    this.head = element("div", "what", this.title);
    this.state = element("span");
    this.note = element("span", "note");
    this.refused = element("span", "note");
    this.how = element("p", "how", element("span", "lamp"), this.state, " ", this.note, " ", this.refused);
    this.root = element("li", "integration", this.head, this.how);
  }

  /** Put the settings in: the switch in place of the title, and the others to be opened. */
  fill(table, rows) {
    const [enabled, others] = [(one) => one.path.at(-1) === ENABLED, (one) => one.path.at(-1) !== ENABLED];
    const about = { title: table.title, description: table.description };
    const row = (setting) => rows.row({ ...setting, about: { ...setting.about, ...(enabled(setting) && about) } }).root;
    this.head.replaceChildren(element("ul", "", ...table.settings.filter(enabled).map(row)));
    const list = element("ul", "", ...table.settings.filter(others).map(row));
    const summary = element("summary", "", t("Settings"));
    summary.setAttribute("aria-label", t("Settings of {what}", { what: t(table.title) }));
    if (list.children.length) this.root.append(element("details", "", summary, list));
  }

  show(integration, now) {
    this.root.dataset.state = integration.state;
    setText(this.state, STATES[integration.state](since(now - integration.since_s)));
    setText(this.note, integration.note ? t(integration.note) : "");
    const count = decimal(integration.refused);
    setText(this.refused, integration.refused ? t("{count} changes came too fast and were refused.", { count }) : "");
  }
}

class House extends Rows {
  #cards = new Map();

  constructor(root, device) {
    super(device);
    this.list = element("ul", "integrations");
    const about = t("What the music and its mood are shared with. Each is off until it is switched on, and none gets in the way of the music.");
    root.append(element("div", "head", element("h2", "", t("House"))), element("p", "quiet", about), this.note, this.list);
  }

  /** Return the card of an integration, in the order in which they first came. */
  card(name, title) {
    if (!this.#cards.has(name)) {
      const card = new Card(title);
      this.#cards.set(name, card);
      this.list.append(card.root);
    }
    return this.#cards.get(name);
  }

  /** Get the settings for who may change them, which is known once the page has asked who looks. */
  async load() {
    if (this.device.me === null || !this.device.may("admin") || this.rows.size > 0) return;
    try {
      await this.reload();
    } catch (refusal) {
      setText(this.note, refusal.message);
    }
  }

  show(picture) {
    if (this.rows.size === 0) {
      const tables = picture.tables.filter(({ path }) => path[0] === SECTION);
      for (const table of tables) this.card(table.path[1], table.title).fill(table, this);
    }
    super.show(picture);
  }

  showStates({ integrations, t: now }) {
    for (const one of integrations) this.card(one.name, one.title).show(one, now);
  }
}

/** Fill in the view. */
export function open(root, device) {
  root.classList.add("settings");
  const house = new House(root, device);
  const ends = [device.onRole(() => house.load()), device.onStatus((status) => house.showStates(status))];
  return () => ends.forEach((end) => end());
}
