// What was read, over time: a lane for the mood and for each sense, in the colours of the emotions, and the mood's curve.

import { element, setText, svgElement } from "../dom.js";
import { sense } from "../format.js";
import { t } from "../language.js";
import { tint } from "../palette.js";
import { VOCABULARY } from "../vocabulary.js";

const LETTER = 9; // pixels that a letter takes at most
const MIN_S = 1; // a picture has no length

/** Say a moment of a film, such as 1:05. */
const moment = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

const ORDER = ["mood", ...Object.keys(VOCABULARY.senses)];

const title = (name) => (name === "mood" ? t("All together") : t(sense(name)));
const at = (share) => `${(100 * share).toFixed(2)}%`;

/** The stretches in which a sense read one and the same emotion. */
function stretches(rows) {
  const found = [];
  for (const { t: begin, emotion } of rows) {
    const last = found.at(-1);
    if (last?.emotion === emotion) continue;
    if (last) last.end = begin;
    found.push({ emotion, begin, end: null });
  }
  return found;
}

export class Lanes {
  #rows = new Map(); // by sense
  #lanes = new Map();

  /** @param {HTMLElement} root an empty element */
  constructor(root) {
    this.list = element("div", "lanes");
    this.curve = svgElement("svg", { class: "curve", viewBox: "0 0 1000 100", preserveAspectRatio: "none", role: "img" });
    this.curve.setAttribute("aria-label", t("The mood over time: pleasant as a line, stirred as dashes"));
    this.valence = svgElement("polyline", { class: "valence" });
    this.arousal = svgElement("polyline", { class: "arousal" });
    this.curve.append(svgElement("path", { class: "axis", d: "M0 50H1000" }), this.valence, this.arousal);
    this.key = element("p", "quiet key", t("line: pleasant (up) or unpleasant; dashes: stirred (up) or still"));
    this.end = element("span");
    this.ticks = element("p", "quiet ticks", element("span", "", "0:00"), this.end);
    root.append(this.list, this.curve, this.ticks, this.key);
  }

  /** Take in new readings, and draw. `seconds` is the length of the file, null while nobody knows. */
  add(rows, seconds) {
    for (const row of rows) {
      if (!this.#rows.has(row.sense)) this.#rows.set(row.sense, []);
      this.#rows.get(row.sense).push(row);
    }
    const latest = Math.max(0, ...[...this.#rows.values()].map((some) => some.at(-1).t));
    const length = Math.max(MIN_S, seconds ?? latest);
    for (const [name, some] of this.#rows) this.#draw(name, some, length, latest);
    const mood = this.#rows.get("mood") ?? [];
    for (const [line, what] of [[this.valence, "valence"], [this.arousal, "arousal"]]) {
      const points = mood.map((row) => `${((1000 * row.t) / length).toFixed(1)},${(50 - 48 * row[what]).toFixed(1)}`);
      line.setAttribute("points", points.join(" "));
    }
    const still = seconds === 0;
    for (const part of [this.curve, this.ticks, this.key]) part.toggleAttribute("hidden", still || mood.length < 2);
    setText(this.end, moment(length));
  }

  /** Say of each sense what it read most, now that all is read. */
  finish() {
    for (const [name, rows] of this.#rows) {
      const counts = new Map();
      for (const { emotion } of rows) counts.set(emotion, (counts.get(emotion) ?? 0) + 1);
      const [most] = [...counts].reduce((one, other) => (other[1] > one[1] ? other : one));
      this.#say(name, most);
    }
  }

  #say(name, emotion) {
    const { word, svg } = this.#lanes.get(name);
    setText(word, t(emotion));
    svg.setAttribute("aria-label", t("{sense}: {emotion}", { sense: title(name), emotion: t(emotion) }));
  }

  #draw(name, rows, length, latest) {
    if (!this.#lanes.has(name)) {
      const word = element("span", "word");
      const svg = svgElement("svg", { role: "img" });
      this.#lanes.set(name, { word, svg });
      const lane = element("div", `lane ${name}`, element("span", "label", title(name)), word, svg);
      lane.style.order = ORDER.indexOf(name); // the mood first, then the senses as they always stand
      this.list.append(lane);
    }
    const { svg } = this.#lanes.get(name);
    const found = stretches(rows);
    this.#say(name, found.at(-1).emotion);
    svg.replaceChildren(
      ...found.flatMap(({ emotion, begin, end }) => {
        const width = ((end ?? Math.max(latest, begin + 0.5)) - begin) / length;
        const bar = svgElement("rect", { x: at(begin / length), width: at(width), height: "100%" });
        tint(bar, emotion);
        const text = svgElement("text", { x: at(begin / length), dx: 6, y: "50%", dy: "0.35em" }, t(emotion));
        return svg.clientWidth * width < LETTER * t(emotion).length ? [bar] : [bar, text];
      }),
    );
  }
}
