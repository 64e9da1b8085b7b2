// Who looks at the page: asked at the start, and again when the device is lost, for it may let this browser in no more.

import { ask } from "./api.js";

const TIMEOUT_MS = 3000; // without an answer for so long, the page begins without it

export class Access {
  #looking = null;
  /** Whether this browser may not even look, before somebody claims the device or signs in. */
  barred = false;

  /**
   * @param {HTMLElement} root where the claim or the sign-in is shown in the place of everything else
   * @param {import("./device.js").Device} device
   * @param {() => void} onChange called when this browser is let in, or no longer
   */
  constructor(root, device, onChange) {
    Object.assign(this, { root, device, onChange });
    device.lookAgain = () => this.look();
  }

  /** Ask who looks, and show the page or the gate. */
  look() {
    this.#looking ??= this.#look().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #look() {
    const me = await ask("GET", "/api/me", undefined, { timeout: TIMEOUT_MS }).catch(() => null);
    if (me === null) return; // the stream says what is the matter
    const barred = me.role === "none";
    const changed = barred !== this.barred;
    this.barred = barred;
    this.device.me = me;
    this.device.become(me.role);
    if (!changed) return;
    document.body.toggleAttribute("data-barred", barred);
    this.root.hidden = !barred;
    this.root.replaceChildren();
    if (barred) {
      const { claimForm, signInForm } = await import("./gate.js");
      this.root.append(me.claimed ? signInForm(this.device) : claimForm(this.device));
    }
    this.onChange();
  }
}
