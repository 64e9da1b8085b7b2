// The parameters of the music: their ranges (those of soundit_edge/music/director/target.py; a test holds the two together), how a
// slider divides them, and what they are called.

import { decibels, echoes, hertz, percent, ratio, seconds, semitones } from "./format.js";

/** A slider's steps from low to high: even ones, or in proportion, as tempo, frequencies and times are heard. */
const even = (name, title, low, high, steps, figure) => ({
  name, title, low, high, steps, figure,
  at: (value) => (value - low) / (high - low),
  value: (share) => tidy(low + share * (high - low), low, high),
});
const proportional = (name, title, low, high, steps, figure) => ({
  name, title, low, high, steps, figure,
  at: (value) => Math.log(value / low) / Math.log(high / low),
  value: (share) => tidy(low * (high / low) ** share, low, high),
});

/** Four digits are more than anybody hears. */
const tidy = (value, low, high) => Math.min(high, Math.max(low, Number(value.toPrecision(4))));

export const PARAMETERS = [
  proportional("tempo", "Tempo", 0.5, 2, 200, ratio),
  even("semitones", "Key", -12, 12, 24, semitones),
  proportional("cutoff_hz", "Brightness", 200, 20000, 100, hertz),
  proportional("reverb_s", "Size of the room", 0.2, 6, 100, seconds),
  even("wet", "Reverberation", 0, 1, 100, percent),
  even("loudness_db", "Loudness", -40, 6, 92, decibels),
  proportional("highpass_hz", "Bass", 20, 2000, 100, hertz),
  even("delay_wet", "Echo", 0, 1, 100, percent),
  even("delay_s", "Echo time", 0.05, 1, 95, echoes),
  even("wah", "Wah", 0, 1, 100, percent),
  even("tremolo", "Tremolo", 0, 1, 100, percent),
];
