// A monoline alphabet of our own, for the mood's name and the word mark: lines and arcs on a 100-unit x-height, so that
// the weight of a word can follow how stirred the room is.

import { svgElement } from "./dom.js";

// Each letter: its path (baseline y = 200), its width, and whether its left and right sides are [s]traight, [r]ound or [o]pen.
const BOWL = "M100 150A50 50 0 1 0 0 150A50 50 0 1 0 100 150";
const DOTS = "M30 58V58.1M70 58V58.1";
const LETTERS = {
  a: [`${BOWL}M100 100V200`, 100, "rs"],
  b: ["M0 30V200M0 150A50 50 0 1 1 100 150A50 50 0 1 1 0 150", 100, "sr"],
  c: ["M85.4 114.6A50 50 0 1 0 85.4 185.4", 86, "ro"],
  d: [`${BOWL}M100 30V200`, 100, "rs"],
  e: ["M0 150H100A50 50 0 1 0 85.4 185.4", 100, "rr"],
  f: ["M58 30A36 36 0 0 0 22 66V200M0 100H54", 54, "oo"],
  g: [`${BOWL}M100 100V212A50 50 0 0 1 14.6 247.4`, 100, "rs"],
  h: ["M0 30V200M0 144A44 44 0 0 1 88 144V200", 88, "ss"],
  i: ["M0 100V200M0 58V58.1", 0, "ss"],
  j: ["M20 100V226A32 32 0 0 1 -8 250M20 58V58.1", 20, "os"],
  k: ["M0 30V200M74 100L0 158M26 138L78 200", 78, "so"],
  l: ["M0 30V200", 0, "ss"],
  m: ["M0 100V200M0 140A40 40 0 0 1 80 140V200M80 140A40 40 0 0 1 160 140V200", 160, "ss"],
  n: ["M0 100V200M0 144A44 44 0 0 1 88 144V200", 88, "ss"],
  o: [BOWL, 100, "rr"],
  p: ["M0 150A50 50 0 1 1 100 150A50 50 0 1 1 0 150M0 100V262", 100, "sr"],
  q: [`${BOWL}M100 100V262`, 100, "rs"],
  r: ["M0 100V200M0 144A44 44 0 0 1 52 100.7", 52, "so"],
  s: ["M56 109A30 25 0 1 0 33 150A30 25 0 1 1 10 191", 64, "oo"],
  t: ["M22 46V164A36 36 0 0 0 56 200M0 100H54", 56, "oo"],
  u: ["M0 100V156A44 44 0 0 0 88 156M88 100V200", 88, "ss"],
  v: ["M0 100L42 200L84 100", 84, "oo"],
  w: ["M0 100L36 200L72 108L108 200L144 100", 144, "oo"],
  x: ["M0 100L80 200M80 100L0 200", 80, "oo"],
  y: ["M0 100V156A44 44 0 0 0 88 156M88 100V212A44 44 0 0 1 12.9 243.1", 88, "ss"],
  z: ["M0 100H76L0 200H78", 78, "oo"],
  ä: [`${BOWL}M100 100V200${DOTS}`, 100, "rs"],
  ö: [`${BOWL}${DOTS}`, 100, "rr"],
  ü: ["M0 100V156A44 44 0 0 0 88 156M88 100V200M26 58V58.1M62 58V58.1", 88, "ss"],
  ß: ["M0 200V72A42 42 0 0 1 84 72C84 104 44 106 44 128C44 150 90 150 90 176A30 26 0 0 1 40 194", 92, "so"],
};
const SIDE = { s: 20, r: 13, o: 10 };
const SPACE = 60;
const TOP = 14;
const BOTTOM = 276;
const MARGIN = 16;

/**
 * Write a word into an <svg>, letter by letter.
 *
 * @returns {boolean} whether the alphabet has all letters; those that it has not are left out
 */
export function write(svg, word) {
  let x = MARGIN;
  const paths = [];
  let before = null;
  for (const letter of word) {
    if (letter === " ") x += SPACE;
    const shape = LETTERS[letter];
    if (!shape) continue;
    const [path, width, sides] = shape;
    if (before !== null) x += SIDE[before] + SIDE[sides[0]];
    const stroke = svgElement("path", { d: path, pathLength: 1, transform: `translate(${x} 0)` });
    stroke.style.setProperty("--n", paths.length);
    paths.push(stroke);
    x += width;
    before = sides[1];
  }
  svg.setAttribute("viewBox", `0 ${TOP} ${x + MARGIN} ${BOTTOM - TOP}`);
  svg.replaceChildren(...paths);
  return paths.length === word.replaceAll(" ", "").length;
}
