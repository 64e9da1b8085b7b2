// Behind one door, for whoever would look: how the playing goes, how fast each sense is, and what senses and models cost.

import { setText } from "../dom.js";
import { costs } from "../costs.js";
import { decimal, percent } from "../format.js";
import { t } from "../language.js";

const LEFT_OUT = {
  full: "",
  single_band: t("This computer is too busy for all of it: the sound is a little plainer."),
  no_room: t("This computer is too busy for all of it: there is neither reverberation nor wah."),
  resample: t("This computer is too busy for all of it: key and tempo only move together."),
};

const gaps = (n) => (n === 0 ? t("no gaps") : n === 1 ? t("1 gap") : t("{count} gaps", { count: decimal(n) }));

/** Say how the playing goes, in one line. */
export function playing(m) {
  const parts = [m.key, t("bar {number}", { number: decimal(m.bar + 1) }), gaps(m.underruns)];
  if (m.late_blocks > 0) parts.push(m.late_blocks === 1 ? t("1 block late") : t("{count} blocks late", { count: decimal(m.late_blocks) }));
  return parts.filter(Boolean).join(" \u00b7 ");
}

/** Say how the playing goes, for whoever looks closer. */
export function health(m) {
  const buffer =
    m.least_ring > 0.995
      ? t("The sound is made ahead, and its buffer has always been full.")
      : t("The sound is made ahead, and its buffer is {now} full and never was below {least}.", { now: percent(m.ring), least: percent(m.least_ring) });
  return [buffer, LEFT_OUT[m.rung]].filter(Boolean).join(" ");
}

export class Engineers {
  /** @param {HTMLDetailsElement} door */
  constructor(door) {
    this.door = door;
    [this.playing, this.health] = door.querySelectorAll("p");
    this.showCosts = costs(door);
    this.latest = null;
    // What stands beside the words elsewhere on the page, such as a sense's speed, is seen while the door is open.
    door.addEventListener("toggle", () => {
      document.body.classList.toggle("figured", door.open);
      this.write();
    });
  }

  show(status) {
    this.latest = status;
    this.showCosts(status);
    this.write();
  }

  write() {
    if (!this.door.open || this.latest === null) return;
    setText(this.playing, playing(this.latest.music));
    setText(this.health, health(this.latest.music));
  }
}
