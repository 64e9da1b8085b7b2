// What the page shows of the music's parameters while a mood moves them: a dial with a word, or a word alone.

import { graded, signed } from "./format.js";
import { PARAMETERS, SCALES } from "./parameters.js";

/** Of tempo and key it is shown what is heard, not how far the track is moved: a figure and its unit. */
const HEARD = {
  tempo: (music) => [music.bpm === null ? "\u2013" : String(Math.round(music.bpm)), "bpm"],
  semitones: (music) => [signed(music.semitones, 1), "semitones"],
};

const BY_NAME = Object.fromEntries(PARAMETERS.map((parameter) => [parameter.name, parameter]));
const NAMES = /\{(\w+)\}/g; // of parameters, in a text

const clamp = (share) => Math.min(1, Math.max(0, share));
const listed = (...parts) => parts.filter(Boolean).join(", ");

/** Make a gauge: its label, the parameters it is of, and how it puts the music into a word, figures and a place. */
function describe({ name, title, gauge, parts, figure }) {
  const word = graded(gauge.bounds, gauge.words);
  const beside = (music) => gauge.beside.replace(NAMES, (_, other) => BY_NAME[other].figure(music[other]));
  const heard = HEARD[name] ?? ((music) => parts(music[name]));
  const made = {
    label: gauge.label || title,
    of: [name, ...Array.from(gauge.beside.matchAll(NAMES), (match) => match[1])],
    word: (music) => word(music[name]),
  };
  if (gauge.dial === null) {
    return { ...made, line: (music) => listed(gauge.figure.replace("{}", figure(music[name])), beside(music)) };
  }
  const { at } = SCALES[gauge.scale](...gauge.dial);
  return {
    ...made,
    rest: gauge.from_middle ? 0.5 : 0,
    at: (music) => clamp(at(music[name])),
    figure: (music) => heard(music)[0],
    line: (music) => listed(heard(music)[1], beside(music)),
  };
}

const GAUGES = PARAMETERS.filter((parameter) => parameter.gauge !== null);

export const DIALS = GAUGES.filter((parameter) => parameter.gauge.dial !== null).map(describe);

/** What is not always there: words without a dial. */
export const EXTRAS = GAUGES.filter((parameter) => parameter.gauge.dial === null).map(describe);
