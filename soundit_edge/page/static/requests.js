// Tells the device what was chosen: one request at a time, the newest word last.

import { put } from "./widgets.js";

const TOLD_MS = 80; // at most one request in so long while a slider moves
const REST_MS = 1000; // after so long without a word from here, the device's own counts again

export class Teller {
  /**
   * @param {string} method
   * @param {string} path
   * @param {HTMLElement} trouble where it says what went wrong
   */
  constructor(method, path, trouble) {
    this.method = method;
    this.path = path;
    this.trouble = trouble;
    this.newest = null;
    this.busy = false;
    this.spoke = -REST_MS;
  }

  /** Whether nothing was chosen lately, so that what the device says is to be shown. */
  get resting() {
    return this.newest === null && !this.busy && performance.now() - this.spoke >= REST_MS;
  }

  /** Tell it soon; what was not yet told goes with it, as far as it is about something else. */
  tell(body) {
    this.spoke = performance.now();
    const waiting = this.newest !== null;
    this.newest = { ...this.newest, ...body };
    if (!waiting) setTimeout(() => this.send(), TOLD_MS);
  }

  async send() {
    // Requests must not overtake each other.
    if (this.busy) {
      setTimeout(() => this.send(), TOLD_MS);
      return;
    }
    this.busy = true;
    const body = JSON.stringify(this.newest);
    this.newest = null;
    try {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(this.path, { method: this.method, headers, body });
      put(this.trouble, answer.ok ? "" : ((await answer.json()).detail ?? "The device refused."));
    } catch {
      put(this.trouble, "Nothing was changed: the device does not answer.");
    }
    if (this.trouble.textContent) this.spoke = -REST_MS;
    this.busy = false;
  }
}
