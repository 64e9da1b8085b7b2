// Plain words for numbers.

import { VOCABULARY } from "./vocabulary.js";

const MINUS = "\u2212";

export const percent = (share) => `${Math.round(100 * share)}\u2009%`;

export function signed(value, digits) {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return (value < 0 ? MINUS : "+") + text;
}

/** Choose the first word whose bound the value does not exceed; the last word stands for all above. */
export const graded = (bounds, words) => (value) => words[bounds.filter((bound) => value > bound).length];

const pleasant = graded([-0.45, -0.12, 0.12, 0.45], ["unpleasant", "uneasy", "", "mild", "pleasant"]);
const stirred = graded([-0.45, -0.12, 0.12, 0.45], ["very still", "still", "", "lively", "stirred"]);

/** Say a mood's place in the plane, such as "pleasant and lively". */
export function affect(mood) {
  const parts = [pleasant(mood.valence), stirred(mood.arousal)].filter(Boolean);
  return parts.join(" and ") || "even and undecided";
}

/** Say the time of day `ago` seconds ago. */
export const clock = (ago) =>
  new Date(Date.now() - 1000 * ago).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

const ROLES = { camera: "Camera", microphone: "Microphone", clip: "Film", demo: "Demo", speaker: "Speaker" };
const STATES = { on: "on", off: "off", lost: "not there", "stand-in": "standing in" };

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const sense = (name) => VOCABULARY.senses[name] ?? capital(name);
export const role = (name) => ROLES[name] ?? capital(name);
export const state = (name) => STATES[name] ?? name;

/** Say what a sense reads, such as "happy, 81 % sure". */
export function reads(s) {
  if (s.state === "off") return "off";
  if (s.state === "failing") return "out of order, and tried again";
  if (s.state === "quiet" || s.emotion === null) return "nothing to read";
  return `${s.emotion}, ${percent(s.confidence)} sure`;
}

const moving = graded([0.15, 0.4, 0.7], ["hardly moving", "moving a little", "moving", "moving a lot"]);
const lit = graded([0.25, 0.5, 0.75], ["dark", "dim", "bright", "very bright"]);

const counted = (count, what, none = `no ${what}s`) => (count === 0 ? none : count === 1 ? `1 ${what}` : `${count} ${what}s`);

/** What a sense's details say to people; one that is "" is for engineers. One that is not here is shown as it is. */
const DETAILS = {
  faces: (n) => counted(n, "face"),
  speaking: (n) => (n === 0 ? "nobody speaks" : `${n} speaking`),
  text: (words) => `\u201c${words}\u201d`,
  certainty: () => "",
  bodies: (n) => (n === 1 ? "1 body" : `${n} bodies`),
  quantity: moving,
  extent: () => "",
  verticality: () => "",
  jerk: () => "",
  openness: () => "",
  arousal: () => "",
  brightness: lit,
  colour: (name) => `mostly ${name}`,
  background: () => "",
  above_noise_db: (decibels) => `${Math.round(decibels)} dB above the noise`,
  voiced: () => "",
};

/** Say one detail of a sense. */
function describe(key, value) {
  if (key in DETAILS) return DETAILS[key](value);
  const name = key.replaceAll("_", " ");
  if (typeof value === "boolean") return value ? name : "";
  if (Number.isInteger(value)) return `${value} ${name}`;
  return `${name} ${typeof value === "number" ? value.toFixed(2) : value}`;
}

const SLOWED = 0.8; // of its usual rate, from which on it is worth a word

/** Say how a sense works: its speed and its details. */
export function works(s) {
  if (s.state === "off") return "";
  const parts = [`${s.readings_per_second.toFixed(1)} a second`, `${s.milliseconds.toFixed(0)} ms`];
  if (s.rate < SLOWED * s.nominal_rate) parts.push("slower than it would, to leave time for the rest");
  parts.push(...Object.entries(s.detail).map(([key, value]) => describe(key, value)));
  return parts.filter(Boolean).join(" \u00b7 ");
}

/** Say what a sense skipped, for whoever looks closer. */
export const skipped = (s) => (s.dropped === 0 ? "" : `${s.dropped} skipped since the start, for a newer one was there`);

const LEFT_OUT = {
  full: "",
  single_band: " This computer is too busy for all of it: the sound is a little plainer.",
  no_room: " This computer is too busy for all of it: there is neither reverberation nor wah.",
  resample: " This computer is too busy for all of it: key and tempo only move together.",
};

/** Say how the playing goes, in one line. */
export function playing(m) {
  const parts = [m.key, `bar ${m.bar + 1}`, counted(m.underruns, "gap", "no gaps")];
  if (m.rung !== "full") parts.push("simpler sound");
  return parts.filter(Boolean).join(" \u00b7 ");
}

/** Say how the playing goes, for whoever looks closer. */
export function health(m) {
  const late = m.late_blocks === 0 ? "" : `, ${counted(m.late_blocks, "block")} late`;
  const least = m.least_ring > 0.995 ? "has always been full" : `is ${percent(m.ring)} full and never was below ${percent(m.least_ring)}`;
  const since = `Since the start ${counted(m.underruns, "gap", "no gap")}${late}.`;
  return `${since} The sound is made ahead, and its buffer ${least}.${LEFT_OUT[m.rung]}`;
}
