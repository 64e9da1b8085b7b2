// A switch: something of the device that is on or off.

import { element } from "./dom.js";

/** One switch with its name and a sentence about it. */
export class Switch {
  #asking = false;

  /**
   * @param {string} name
   * @param {string} help
   * @param {(on: boolean) => Promise<unknown>} ask asks the device for it
   * @param {HTMLElement} alert where failures are shown
   */
  constructor(name, help, ask, alert) {
    this.box = element("input", "switch");
    Object.assign(this.box, { type: "checkbox", role: "switch" });
    const words = element("span", "", element("span", "name", name), element("span", "help", help));
    this.root = element("label", "explained", this.box, words);
    this.box.addEventListener("change", async () => {
      this.#asking = true;
      alert.textContent = "";
      try {
        await ask(this.box.checked);
      } catch (refusal) {
        alert.textContent = refusal.message;
        this.box.checked = !this.box.checked;
      }
      this.#asking = false;
    });
  }

  /** Show what the device has, and whether it may be changed. */
  show(on, enabled) {
    this.box.disabled = !enabled;
    if (!this.#asking) this.box.checked = on;
  }
}
