// The device as the views know it: its newest status, who looks at it, and what may be asked of it.

import { ask } from "./api.js";

const ROLES = ["viewer", "operator", "admin"];

export class Device {
  #listeners = new Set();
  #onRole = new Set();
  role = "admin";
  /** Who looks, as /api/me says it; null before it was asked. */
  me = null;
  /** The newest status; null before the first one. */
  status = null;
  ask = ask;
  /** Ask again who looks, after that has changed; the page sets it. */
  lookAgain = async () => {};

  /** Call `listener` with each status from now on, and at once with the newest; returns what ends that. */
  onStatus(listener) {
    this.#listeners.add(listener);
    if (this.status) listener(this.status);
    return () => this.#listeners.delete(listener);
  }

  /** Call `listener` now, and whenever who looks may do more or less than before; returns what ends that. */
  onRole(listener) {
    this.#onRole.add(listener);
    listener();
    return () => this.#onRole.delete(listener);
  }

  show(status) {
    this.status = status;
    for (const listener of this.#listeners) listener(status);
  }

  become(role) {
    this.role = role;
    for (const listener of this.#onRole) listener();
  }

  /** Whether who looks may do what is for `role`. */
  may(role) {
    return ROLES.indexOf(this.role) >= ROLES.indexOf(role);
  }
}
