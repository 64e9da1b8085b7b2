// Changes sent to the device: one request at a time, what was chosen last wins.

import { setText } from "./dom.js";
import { t } from "./language.js";

const INTERVAL_MS = 80; // between requests while a slider moves
const TIMEOUT_MS = 5000; // without an answer for so long, a request is given up
const SETTLE_MS = 1000; // after the last change, until the device's own values are shown again

export class Sender {
  #pending = null; // the change that is not sent yet
  #timer = null;
  #sending = false;
  #changedAt = -SETTLE_MS;

  /**
   * @param {string} method
   * @param {string} path
   * @param {HTMLElement} alert where failures are shown
   */
  constructor(method, path, alert) {
    this.method = method;
    this.path = path;
    this.alert = alert;
  }

  /** Whether no change was made lately, so that the device's own values are to be shown. */
  get idle() {
    return this.#pending === null && !this.#sending && performance.now() - this.#changedAt >= SETTLE_MS;
  }

  /** Send a change soon, together with those that wait for other fields. */
  send(change) {
    this.#changedAt = performance.now();
    this.#pending = { ...this.#pending, ...change };
    this.#schedule();
  }

  #schedule() {
    this.#timer ??= setTimeout(() => this.#flush(), INTERVAL_MS);
  }

  async #flush() {
    this.#timer = null;
    // Requests must not overtake each other: the one under way schedules the next.
    if (this.#sending) return;
    this.#sending = true;
    const body = JSON.stringify(this.#pending);
    this.#pending = null;
    const failure = await this.#request(body);
    setText(this.alert, failure);
    if (failure) this.#changedAt = -SETTLE_MS;
    this.#sending = false;
    if (this.#pending !== null) this.#schedule();
  }

  /** Send one request; resolves to what went wrong, in words, or "". */
  async #request(body) {
    try {
      const answer = await fetch(this.path, {
        method: this.method,
        headers: { "Content-Type": "application/json", "X-Soundit": "page" },
        body,
        signal: AbortSignal.timeout?.(TIMEOUT_MS),
      });
      return answer.ok ? "" : t((await answer.json()).detail ?? "The device refused.");
    } catch (error) {
      // After a time-out nobody knows whether the request arrived.
      return error.name === "TimeoutError"
        ? t("The device does not answer: look whether anything has changed.")
        : t("Nothing was changed: the device does not answer.");
    }
  }
}
