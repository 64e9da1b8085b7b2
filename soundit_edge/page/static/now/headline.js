// The mood as a headline that says the truth: a word where it is certain, and in words where it wavers or is only held.

import { setText } from "../dom.js";
import { affect, emotion, percent } from "../format.js";
import { t } from "../language.js";
import { write } from "../lettering.js";
import { EMOTIONS } from "../palette.js";

const CLOSE = 0.05; // nearer than this, two emotions are as likely as each other
const FADING = 0.12; // from this lead of another on, the mood is no longer between the two
const SETTLE_MS = 1000; // a doubt that passes within this time is not said

/** How a mood stands: "sure", "fading" (only held, another leads) or "between" (two lead); and the other emotion. */
export function standing(mood) {
  const share = mood.probabilities;
  const rivals = EMOTIONS.filter((one) => one !== mood.emotion);
  const likeliest = rivals.reduce((best, one) => (share[one] > share[best] ? one : best));
  const rival = mood.leading && mood.leading !== mood.emotion ? mood.leading : likeliest;
  const lead = share[rival] - share[mood.emotion];
  return { state: lead >= FADING ? "fading" : lead > -CLOSE ? "between" : "sure", rival };
}

/** Whose mood it is: a drawing and a film are no room. */
function whose(sources, live, between) {
  const on = (role) => sources.some((one) => one.role === role && one.state !== "off");
  if (!live) return between ? t("The room was between") : t("The room felt");
  if (on("demo")) return between ? t("A drawn demo is between") : t("A drawn demo feels");
  if (on("clip")) return between ? t("The film is between") : t("The film feels");
  return between ? t("The room is between") : t("The room feels");
}

export class Headline {
  /** @param {{lead: HTMLElement, letters: SVGSVGElement, waver: SVGSVGElement, name: HTMLElement, sure: HTMLElement}} parts */
  constructor(parts) {
    this.parts = parts;
    this.shown = { emotion: "", state: "", rival: "" };
    this.differsSince = null;
  }

  /** Show the mood of a status; `live` is false where it is the last one that is known. */
  show({ mood, sources }, live = true) {
    const next = this.settle({ emotion: mood.emotion, ...standing(mood) });
    if (next !== this.shown) {
      this.shown = next;
      this.write(next);
    }
    const { lead, letters, sure } = this.parts;
    setText(lead, whose(sources, live, next.state === "between"));
    // A stirred room is written with a heavier hand, and one that is only held with a lighter one.
    letters.style.setProperty("--weight", Math.round((13 + 6 * mood.arousal) * (next.state === "sure" ? 1 : 0.7)));
    setText(sure, this.sentence(mood, next));
  }

  /** Wait with a doubt, or its end, until it has lasted; another mood counts at once. */
  settle(next) {
    const { emotion: name, state, rival } = this.shown;
    const same = next.emotion === name && next.state === state && (state === "sure" || next.rival === rival);
    if (same) {
      this.differsSince = null;
      return this.shown;
    }
    this.differsSince ??= performance.now();
    if (next.emotion === name && performance.now() - this.differsSince < SETTLE_MS) return this.shown;
    this.differsSince = null;
    return next;
  }

  write({ emotion: name, state, rival }) {
    const { letters, waver, name: spoken } = this.parts;
    const [one, other] = [emotion(name), emotion(rival)];
    const beside = { sure: "", fading: t("fading"), between: t("and {emotion}", { emotion: other }) }[state];
    const plain = [write(letters, one), write(waver, beside)];
    waver.toggleAttribute("hidden", !beside);
    // Words whose letters we have not drawn are set in the browser's own.
    const said = { sure: one, fading: t("{emotion}, fading", { emotion: one }), between: t("between {emotion} and {other}", { emotion: one, other }) }[state];
    setText(spoken, said);
    const whole = plain.every(Boolean);
    spoken.classList.toggle("unseen", whole);
    for (const drawn of [letters, waver]) drawn.classList.toggle("unseen", !whole);
  }

  sentence(mood, { state, rival }) {
    const share = percent(mood.confidence);
    if (state === "sure") return t("{feeling}, {share} sure", { feeling: affect(mood), share });
    const other = percent(mood.probabilities[rival]);
    if (state === "fading") return t("{emotion} is likelier by now: {other} against {share}", { emotion: emotion(rival), other, share });
    return t("{emotion} {share} against {rival} {other}", { emotion: emotion(mood.emotion), share, rival: emotion(rival), other });
  }
}
