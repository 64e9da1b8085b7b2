// The volume slider: shows a change at once, sends it a little later, and shows the device's own value when it is idle.

import { setText } from "./dom.js";
import { percent } from "./format.js";
import { Sender } from "./requests.js";

export class Volume {
  constructor(slider, figure, alert) {
    this.slider = slider;
    this.figure = figure;
    this.sender = new Sender("PUT", "/api/volume", alert);
    slider.addEventListener("input", () => {
      this.paint();
      this.sender.send({ volume: slider.value / 100 });
    });
    slider.form.addEventListener("submit", (event) => event.preventDefault());
  }

  enable(enabled) {
    this.slider.disabled = !enabled;
  }

  /** Show the device's volume, 0 to 1. */
  show(volume) {
    if (!this.sender.idle) return;
    const value = String(Math.round(100 * volume));
    if (this.slider.value !== value || !this.figure.textContent) {
      this.slider.value = value;
      this.paint();
    }
  }

  paint() {
    this.slider.style.setProperty("--at", this.slider.value);
    setText(this.figure, percent(this.slider.value / 100));
    this.slider.setAttribute("aria-valuetext", this.figure.textContent);
  }
}
