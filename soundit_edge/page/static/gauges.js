// What the page shows of the music's parameters while a mood moves them: a dial with a word, or a word alone.

import { decimal, graded, signed } from "./format.js";
import { t } from "./language.js";
import { PARAMETERS, SCALES } from "./parameters.js";

/** Of tempo and key it is shown what is heard, not how far the track is moved: a figure and its unit. */
const HEARD = {
  tempo: (music) => [music.bpm === null ? "\u2013" : decimal(music.bpm), t("bpm")],
  semitones: (music) => [signed(music.semitones, 1), t("semitones")],
};

const BY_NAME = Object.fromEntries(PARAMETERS.map((parameter) => [parameter.name, parameter]));
const NAMES = /\{(\w+)\}/g; // of parameters, in a text

const clamp = (share) => Math.min(1, Math.max(0, share));

/**
 * Make a gauge: its label, the parameters it is of, and how it puts the music into a word, a figure with its unit, what
 * engineers see beside it, and a place.
 */
function describe({ name, title, gauge, parts, figure }) {
  const word = graded(gauge.bounds, gauge.words.map((one) => t(one)));
  const beside = (music) => t(gauge.beside).replace(NAMES, (_, other) => BY_NAME[other].figure(music[other]));
  const heard = HEARD[name] ?? ((music) => parts(music[name]));
  const made = {
    label: gauge.label ? t(gauge.label) : title,
    of: [name, ...Array.from(gauge.beside.matchAll(NAMES), (match) => match[1])],
    word: (music) => word(music[name]),
    beside,
  };
  if (gauge.dial === null) {
    return { ...made, unit: (music) => t(gauge.figure).replace("{}", figure(music[name])) };
  }
  const { at } = SCALES[gauge.scale](...gauge.dial);
  return {
    ...made,
    rest: gauge.from_middle ? 0.5 : 0,
    at: (music) => clamp(at(music[name])),
    figure: (music) => heard(music)[0],
    unit: (music) => heard(music)[1],
  };
}

const GAUGES = PARAMETERS.filter((parameter) => parameter.gauge !== null);

export const DIALS = GAUGES.filter((parameter) => parameter.gauge.dial !== null).map(describe);

/** What is not always there: words without a dial. */
export const EXTRAS = GAUGES.filter((parameter) => parameter.gauge.dial === null).map(describe);
