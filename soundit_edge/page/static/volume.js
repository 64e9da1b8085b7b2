// The volume slider: shows the hand at once, tells the device a little later, and believes the device when the hand rests.

import { put } from "./widgets.js";
import { Teller } from "./requests.js";
import { percent } from "./format.js";

export class Volume {
  constructor(slider, figure, trouble) {
    this.slider = slider;
    this.figure = figure;
    this.teller = new Teller("PUT", "/api/volume", trouble);
    slider.addEventListener("input", () => {
      this.paint();
      this.teller.tell({ volume: slider.value / 100 });
    });
    slider.form.addEventListener("submit", (event) => event.preventDefault());
  }

  enable(enabled) {
    this.slider.disabled = !enabled;
  }

  /** What the device says, 0 to 1. */
  show(volume) {
    if (!this.teller.resting) return;
    const value = String(Math.round(100 * volume));
    if (this.slider.value !== value || !this.figure.textContent) {
      this.slider.value = value;
      this.paint();
    }
  }

  paint() {
    this.slider.style.setProperty("--at", this.slider.value);
    put(this.figure, percent(this.slider.value / 100));
    this.slider.setAttribute("aria-valuetext", this.figure.textContent);
  }
}
