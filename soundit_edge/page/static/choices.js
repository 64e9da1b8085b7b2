// What else can be chosen at once: the policy, the preset and the next track.

import { Teller } from "./tell.js";

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
