// The circumplex (Russell 1980): eight emotions in the plane of valence and arousal, each as large as it is likely, and
// the room's own point with the way it came.

import { svgElement } from "./dom.js";
import { emotion as inWords } from "./format.js";
import { EMOTIONS, TONES, tint } from "./palette.js";

const UNIT = 100; // one unit of valence or arousal, in the drawing's units
const TRAIL = 240; // how many points of the way are kept
const BANDS = 12; // steps in which the way fades
const APART = 0.012; // points nearer than this are one

// On which side of its disc each name stands.
const NAMES = {
  neutral: "below",
  calm: "below",
  happy: "above",
  sad: "below",
  angry: "above",
  fearful: "right",
  disgusted: "right",
  surprised: "above",
};
const SIDES = {
  above: { across: 0, down: -1, anchor: "middle", baseline: -4 },
  below: { across: 0, down: 1, anchor: "middle", baseline: 11 },
  right: { across: 1, down: 0, anchor: "start", baseline: 3 },
};

/** Compute the radius of a disc, whose area shows the share. */
const radius = (share) => 2.2 + 22 * Math.sqrt(share);

const place = ([valence, arousal]) => `${(UNIT * valence).toFixed(1)} ${(-UNIT * arousal).toFixed(1)}`;
const between = (one, other) => place([(one[0] + other[0]) / 2, (one[1] + other[1]) / 2]);

/** A smooth line from the middle of the first two points to the middle of the last two, bent at those between. */
function smooth(points) {
  const bends = points.slice(1, -1).map((point, i) => `Q${place(point)} ${between(point, points[i + 2])}`);
  return `M${between(points[0], points[1])}${bends.join("")}`;
}

function add(parent, name, attributes) {
  const added = svgElement(name, attributes);
  parent.append(added);
  return added;
}

export class Plane {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    const trail = add(svg, "g", { class: "trail" });
    this.bands = Array.from({ length: BANDS }, (_, i) => {
      const age = (i + 1) / BANDS;
      return add(trail, "path", { opacity: (age * age).toFixed(3), "stroke-width": (0.7 + 1.3 * age).toFixed(2) });
    });
    this.discs = {};
    for (const emotion of EMOTIONS) {
      const { valence, arousal } = TONES[emotion];
      const group = add(svg, "g", { transform: `translate(${UNIT * valence} ${-UNIT * arousal})`, class: "emotion" });
      tint(group, emotion);
      const disc = add(group, "circle", { r: 1, class: "disc" });
      const side = SIDES[NAMES[emotion]];
      const name = add(group, "text", { y: side.baseline, "text-anchor": side.anchor });
      name.textContent = inWords(emotion);
      this.discs[emotion] = { group, disc, name, side };
    }
    this.point = add(svg, "g", { class: "point" });
    add(this.point, "circle", { r: 10, class: "halo" });
    add(this.point, "circle", { r: 4.5 });
    this.way = null;
  }

  show(mood) {
    for (const emotion of EMOTIONS) {
      const { group, disc, name, side } = this.discs[emotion];
      const r = radius(mood.probabilities[emotion]);
      disc.style.transform = `scale(${r.toFixed(1)})`;
      name.style.transform = `translate(${(side.across * (r + 5)).toFixed(1)}px, ${(side.down * r).toFixed(1)}px)`;
      group.classList.toggle("held", emotion === mood.emotion);
    }
    this.point.style.transform = `translate(${UNIT * mood.valence}px, ${-UNIT * mood.arousal}px)`;
    const now = [mood.valence, mood.arousal];
    this.way ??= Array(TRAIL).fill(now);
    if (Math.hypot(...now.map((v, i) => v - this.way.at(-1)[i])) < APART) return;
    this.way.push(now);
    this.way.shift();
    this.bands.forEach((band, i) => {
      const start = (i * TRAIL) / BANDS;
      const path = smooth(this.way.slice(start, start + TRAIL / BANDS + 2)); // two further: the bands meet
      band.setAttribute("d", i === BANDS - 1 ? `${path}L${place(now)}` : path);
    });
  }
}
