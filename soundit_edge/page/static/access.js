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
   */
  constructor(root, device) {
    Object.assign(this, { root, device });
    device.lookAgain = () => this.look();
  }

  /** Ask who looks. Where that is somebody else than before, the page begins again: nothing of theirs stays on it. */
  look() {
    this.#looking ??= this.#look().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #look() {
    const me = await ask("GET", "/api/me", undefined, { timeout: TIMEOUT_MS }).catch(() => null);
    if (me === null) return; // the stream says what is the matter
    const before = this.device.me;
    this.device.me = me;
    if (before && (before.role !== me.role || before.name !== me.name)) {
      location.reload();
      return;
    }
    this.device.become(me.role);
    if (me.role === "none" && !this.barred) await this.#bar(me);
  }

  async #bar(me) {
    this.barred = true;
    document.body.toggleAttribute("data-barred", true);
    const { claimForm, signInForm } = await import("./gate.js");
    this.root.replaceChildren(me.claimed ? signInForm(this.device) : claimForm(this.device));
    this.root.hidden = false;
  }
}
