// Another mood than the room's for a while: one is chosen with a time, what is left of it is shown, and it can be ended.

import { element, setText } from "../dom.js";
import { duration, emotion } from "../format.js";
import { t } from "../language.js";
import { EMOTIONS, tint } from "../palette.js";
import { Sender } from "../requests.js";

const MINUTES = [15, 30, 60, 120, 240];
const USUAL = { emotion: "calm", minutes: 60 };

function chip(name, value, text, chosen) {
  const radio = element("input");
  Object.assign(radio, { type: "radio", name, value, checked: chosen });
  return element("label", "", radio, element("span", "", text));
}

export class Override {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {HTMLButtonElement} opener
   * @param {HTMLElement} row shown while a mood is chosen: what is left, and a button that ends it
   * @param {HTMLElement} alert where failures are shown
   */
  constructor(dialog, opener, row, alert) {
    Object.assign(this, { dialog, opener, row });
    [this.left, this.end] = [row.querySelector("span"), row.querySelector("button")];
    this.sender = new Sender("PATCH", "/api/device", alert);
    const [moods, times] = dialog.querySelectorAll("fieldset");
    for (const name of EMOTIONS) {
      const label = chip("emotion", name, emotion(name), name === USUAL.emotion);
      tint(label, name);
      moods.append(label);
    }
    times.append(...MINUTES.map((minutes) => chip("minutes", minutes, duration(60 * minutes), minutes === USUAL.minutes)));
    const form = dialog.querySelector("form");
    opener.addEventListener("click", () => dialog.showModal());
    dialog.querySelector(".close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = new FormData(form);
      this.sender.send({ mood: { emotion: chosen.get("emotion"), minutes: Number(chosen.get("minutes")) } });
      dialog.close();
    });
    this.end.addEventListener("click", () => {
      this.sender.send({ mood: null });
    });
  }

  enable(enabled) {
    this.opener.disabled = this.end.disabled = !enabled;
  }

  /** Show what is chosen (null: nothing; undefined: this device cannot), at the moment `now` of the device's clock. */
  show(chosen, now) {
    this.opener.hidden = chosen !== null;
    this.row.hidden = !chosen;
    if (!chosen) return;
    const left = duration(chosen.until_s - now);
    setText(this.left, t("Playing {emotion} as you asked, for {left} more.", { emotion: emotion(chosen.emotion), left }));
  }
}
