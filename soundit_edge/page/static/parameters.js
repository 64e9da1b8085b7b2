// The parameters of the music, as the device's own table has them: how a slider divides them, and their figures.

import { decimal, percent, signed } from "./format.js";
import { t } from "./language.js";
import { VOCABULARY } from "./vocabulary.js";

/** Ways to divide a range: evenly, or in proportion, as frequencies and times are heard. */
export const SCALES = {
  linear: (low, high) => ({
    at: (value) => (value - low) / (high - low),
    value: (share) => low + share * (high - low),
  }),
  log: (low, high) => ({
    at: (value) => Math.log(value / low) / Math.log(high / low),
    value: (share) => low * (high / low) ** share,
  }),
};

/** A value's figure and its unit, by the unit that the parameter is in. */
const FIGURES = {
  ratio: (value) => [`\u00d7\u2009${decimal(value, 2)}`, ""],
  semitones: (value) => [signed(value, 0), Math.abs(Math.round(value)) === 1 ? t("semitone") : t("semitones")],
  Hz: (value) => (value >= 999.5 ? [decimal(value / 1000, 1), "kHz"] : [decimal(value), "Hz"]),
  dB: (value) => [signed(value, 1), "dB"],
  share: (value) => [percent(value), ""],
};

function describe(row) {
  const { unit, digits, low, high } = row;
  const { at, value } = SCALES[row.scale](low, high);
  const parts = FIGURES[unit] ?? ((number) => [decimal(number, digits), unit]);
  return {
    ...row,
    title: t(row.title),
    help: t(row.help),
    at,
    // Four digits are more than anybody hears.
    value: (share) => Math.min(high, Math.max(low, Number(value(share).toPrecision(4)))),
    parts,
    figure: (number) => parts(number).filter(Boolean).join(" "),
  };
}

/** Rows with `at` and `value` (from a value to its share of the slider, and back), `parts` and `figure` (in words). */
export const PARAMETERS = VOCABULARY.parameters.map(describe);
