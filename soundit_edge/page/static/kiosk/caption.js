// What is written on the picture: the mood's word, large when it changes and smaller then; the notice that the law wants;
// and what is the matter while the device is not there. Nothing stands still or stays bright, so that no screen keeps it.

import { setText, svgElement } from "../dom.js";
import { emotion as inWords } from "../format.js";
import { t } from "../language.js";
import { write } from "../lettering.js";
import { Headline } from "../now/headline.js";
import { Notice } from "../notice.js";

const LARGE_MS = 12_000;
const FADE_MS = 120_000; // of a word that nothing changed
const DIM_AFTER_MS = 600_000; // of the whole picture
const DIM_MS = 600_000;
const DIMMEST = 0.35; // what the picture loses of its light
const LOST_DIMMEST = 0.6;
const DRIFT_MS = 250; // between two steps of what drifts

export class Caption {
  /**
   * @param {Record<string, HTMLElement | SVGSVGElement>} parts word, lead, letters, waver, name, sure, link, shade, notice,
   *   said, kept, code, address
   * @param {boolean} frozen whether everything stays where it is, small, for pictures that are compared
   */
  constructor(parts, frozen) {
    Object.assign(this, { parts, frozen, key: "", headline: null, status: null, changed: 0, drifted: -DRIFT_MS });
    this.notice = new Notice(parts.said);
    this.keep(false);
  }

  /** Show what the device says at a moment, in milliseconds of `performance.now`. */
  show(status, now) {
    this.status = status;
    const { privacy, override, mood } = status;
    const key = privacy.private ? "private" : override ? `chosen ${override.emotion}` : mood.emotion;
    if (key !== this.key) {
      this.key = key;
      this.changed = now;
    }
    if (privacy.private) this.write("", t("private"));
    else if (override) this.write(t("Chosen for a while"), inWords(override.emotion));
    else (this.headline ??= new Headline(this.parts)).show(status);
    this.notice.show(privacy);
    this.keep(privacy.public_place);
    setText(this.parts.link, "");
  }

  /** Write a word that no sense has felt. */
  write(lead, word) {
    const { letters, waver, name, sure } = this.parts;
    this.headline = null;
    setText(this.parts.lead, lead);
    setText(sure, "");
    if (name.textContent === word) return;
    const whole = write(letters, word);
    write(waver, "");
    waver.toggleAttribute("hidden", true);
    setText(name, word);
    name.classList.toggle("unseen", whole);
    letters.classList.toggle("unseen", !whole);
  }

  /** The device is gone: what was felt is past, and what is recognised now is not known. */
  lose(message) {
    setText(this.parts.link, message);
    this.notice.lose();
    if (this.headline) this.headline.show(this.status, false);
  }

  keep(publicPlace) {
    const sentences = [t("A device in this room reads emotions, and plays music to match the mood."), t("No picture and no sound is stored, and none leaves the device.")];
    if (publicPlace) sentences.push(t("Nothing about individuals is kept."));
    setText(this.parts.kept, sentences.join(" "));
  }

  /** Show where the whole notice stands. @param {{address: string, code: string[]}} where rows of a QR code, "1" is dark */
  lead({ address, code }) {
    const { code: svg } = this.parts;
    setText(this.parts.address, address);
    svg.toggleAttribute("hidden", !code.length);
    svg.setAttribute("viewBox", `0 0 ${code.length} ${code.length}`);
    const dark = code.flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`));
    svg.replaceChildren(svgElement("path", { d: dark.join("") }));
  }

  /** Let everything drift and dim to where it belongs at a moment. */
  move(now, live) {
    if (now - this.drifted < DRIFT_MS && this.drifted >= 0) return;
    this.drifted = now;
    const { word, shade, notice } = this.parts;
    const age = now - this.changed;
    word.classList.toggle("large", !this.frozen && age < LARGE_MS);
    if (this.frozen) return;
    const wave = (minutes, phase = 0) => Math.sin((2 * Math.PI * now) / (60_000 * minutes) + phase);
    word.style.translate = `${(3.5 * wave(7)).toFixed(3)}vw ${(3.5 * wave(11, 1)).toFixed(3)}vh`;
    word.style.opacity = (0.92 - 0.34 * Math.min(1, Math.max(0, age - LARGE_MS) / FADE_MS)).toFixed(3);
    const room = innerWidth - notice.offsetWidth - 0.12 * innerWidth;
    notice.style.translate = `${(Math.max(0, room) * (0.5 + 0.5 * wave(37, -1.57))).toFixed(2)}px ${(1.2 * wave(5)).toFixed(3)}vh`;
    const dim = (live ? DIMMEST : LOST_DIMMEST) * Math.min(1, Math.max(0, age - DIM_AFTER_MS) / DIM_MS);
    shade.style.opacity = dim.toFixed(3);
  }
}
