// The volume slider: shows the hand at once, tells the device a little later, and believes the device when the hand rests.

import { put } from "./parts.js";
import { percent } from "./words.js";

const TOLD_MS = 80; // at most one request in so long while the slider moves
const REST_MS = 1000; // after so long without a move, the device's word counts again

export class Volume {
  constructor(slider, figure, trouble) {
    this.slider = slider;
    this.figure = figure;
    this.trouble = trouble;
    this.moved = -REST_MS;
    this.timer = null;
    this.busy = false;
    slider.addEventListener("input", () => {
      this.moved = performance.now();
      this.paint();
      this.timer ??= setTimeout(() => this.tell(), TOLD_MS);
    });
    slider.form.addEventListener("submit", (event) => event.preventDefault());
  }

  enable(enabled) {
    this.slider.disabled = !enabled;
  }

  /** What the device says, 0 to 1. */
  show(volume) {
    if (this.timer !== null || this.busy || performance.now() - this.moved < REST_MS) return;
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

  async tell() {
    this.timer = null;
    // The newest value goes when the last request is through: requests must not overtake each other.
    if (this.busy) {
      this.timer = setTimeout(() => this.tell(), TOLD_MS);
      return;
    }
    this.busy = true;
    try {
      const answer = await fetch("/api/volume", {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ volume: this.slider.value / 100 }),
      });
      put(this.trouble, answer.ok ? "" : ((await answer.json()).detail ?? "The volume was not changed."));
    } catch {
      put(this.trouble, "The volume was not changed: the device does not answer.");
    }
    if (this.trouble.textContent) this.moved = -REST_MS;
    this.busy = false;
  }
}
