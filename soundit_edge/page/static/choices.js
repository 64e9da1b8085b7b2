// What else can be chosen at once: the policy, the preset, what a song is worth, and the next track.

import { element } from "./dom.js";
import { t } from "./language.js";
import { Sender } from "./requests.js";
import { VOCABULARY } from "./vocabulary.js";

function option(name, { name: value, title, help }) {
  const radio = element("input");
  Object.assign(radio, { type: "radio", name, value, title: t(help) });
  return { radio, label: element("label", "", radio, element("span", "", t(title))) };
}

/** One of a few, as a row of radio buttons. */
export class Choice {
  /**
   * @param {HTMLFieldSetElement} set whose id says what is chosen
   * @param {HTMLElement} alert where failures are shown
   */
  constructor(set, alert) {
    this.set = set;
    const name = set.id;
    const options = VOCABULARY.choices[name].map((row) => option(name, row));
    this.radios = options.map(({ radio }) => radio);
    set.append(...options.map(({ label }) => label));
    this.sender = new Sender("PUT", `/api/${name}`, alert);
    set.addEventListener("change", (event) => this.sender.send({ [name]: event.target.value }));
    set.form.addEventListener("submit", (event) => event.preventDefault());
  }

  enable(enabled) {
    this.set.disabled = !enabled;
  }

  /** Show the value that the device has. */
  show(value) {
    if (!this.sender.idle) return;
    for (const radio of this.radios) radio.checked = radio.value === value;
  }
}

/** The two buttons that say what the song that plays is worth, where it is one of the library. */
export class Rating {
  /**
   * @param {HTMLButtonElement[]} buttons whose ids are the ratings
   * @param {HTMLElement} alert where failures are shown
   */
  constructor(buttons, alert) {
    this.buttons = buttons;
    this.sender = new Sender("PUT", "/api/rating", alert);
    for (const button of buttons) {
      button.addEventListener("click", () => {
        this.press(button.id);
        this.sender.send({ rating: button.id });
      });
    }
  }

  enable(enabled) {
    for (const button of this.buttons) button.disabled = !enabled;
  }

  /** Show the rating that the device has: "none" where there is none yet, null where there is nothing to rate. */
  show(rating) {
    for (const button of this.buttons) button.hidden = rating === null;
    if (this.sender.idle) this.press(rating);
  }

  press(rating) {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.id === rating));
  }
}

/** The button for the next track, where there is another one. */
export class Next {
  constructor(button, alert) {
    this.button = button;
    const sender = new Sender("POST", "/api/next", alert);
    button.addEventListener("click", () => sender.send({}));
  }

  enable(enabled) {
    this.button.disabled = !enabled;
  }

  show(several) {
    this.button.hidden = !several;
  }
}
