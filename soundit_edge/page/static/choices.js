// What else can be chosen at once: the policy, the preset, what a song is worth, and the next track.

import { Teller } from "./requests.js";

/** One of a few, as a row of radio buttons that all have the same name. */
export class Choice {
  /**
   * @param {HTMLFieldSetElement} set
   * @param {HTMLElement} trouble where it says what went wrong
   */
  constructor(set, trouble) {
    this.set = set;
    this.radios = [...set.querySelectorAll("input")];
    const name = this.radios[0].name;
    this.teller = new Teller("PUT", `/api/${name}`, trouble);
    set.addEventListener("change", (event) => this.teller.tell({ [name]: event.target.value }));
    set.form.addEventListener("submit", (event) => event.preventDefault());
  }

  enable(enabled) {
    this.set.disabled = !enabled;
  }

  /** What the device says. */
  show(value) {
    if (!this.teller.resting) return;
    for (const radio of this.radios) radio.checked = radio.value === value;
  }
}

/** The two buttons that say what the song that plays is worth, where it is one of the library. */
export class Rating {
  /**
   * @param {HTMLButtonElement[]} buttons whose ids are the ratings
   * @param {HTMLElement} trouble where it says what went wrong
   */
  constructor(buttons, trouble) {
    this.buttons = buttons;
    this.teller = new Teller("PUT", "/api/rating", trouble);
    for (const button of buttons) {
      button.addEventListener("click", () => {
        this.press(button.id);
        this.teller.tell({ rating: button.id });
      });
    }
  }

  enable(enabled) {
    for (const button of this.buttons) button.disabled = !enabled;
  }

  /** What the device says: a rating, "none", or null where there is nothing to rate. */
  show(rating) {
    for (const button of this.buttons) button.hidden = rating === null;
    if (this.teller.resting) this.press(rating);
  }

  press(rating) {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.id === rating));
  }
}

/** The button for the next track, where there is another one. */
export class Next {
  constructor(button, trouble) {
    this.button = button;
    const teller = new Teller("POST", "/api/next", trouble);
    button.addEventListener("click", () => teller.tell({}));
  }

  enable(enabled) {
    this.button.disabled = !enabled;
  }

  show(several) {
    this.button.hidden = !several;
  }
}
