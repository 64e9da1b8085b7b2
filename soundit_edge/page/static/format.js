// Plain words for numbers, in the reader's language.

import { LOCALE, t } from "./language.js";
import { VOCABULARY } from "./vocabulary.js";

const number = (digits, options = {}) =>
  new Intl.NumberFormat(LOCALE, { minimumFractionDigits: digits, maximumFractionDigits: digits, ...options });
const DECIMALS = [0, 1, 2, 3].map((digits) => number(digits));
const SIGNED = [0, 1, 2].map((digits) => number(digits, { signDisplay: "exceptZero" }));
const PERCENT = new Intl.NumberFormat(LOCALE, { style: "percent" });
const LIST = new Intl.ListFormat(LOCALE);
const AGO = new Intl.RelativeTimeFormat(LOCALE, { numeric: "always" });
const TIME = new Intl.DateTimeFormat(LOCALE, { hour: "numeric", minute: "2-digit" });
const LONG = Object.fromEntries(
  ["minute", "hour"].map((unit) => [unit, number(0, { style: "unit", unit, unitDisplay: "long" })]),
);

/** Keep a number and its sign of percent on one line. */
export const unbroken = (text) => text.replace(/ %/g, "\u00a0%");

export const percent = (share) => PERCENT.format(share);
export const decimal = (value, digits = 0) => DECIMALS[digits].format(value);
export const signed = (value, digits) => SIGNED[digits].format(value).replace("-", "\u2212");
export const list = (words) => LIST.format(words);

/** Choose the first word whose bound the value does not exceed; the last word stands for all above. */
export const graded = (bounds, words) => (value) => words[bounds.filter((bound) => value > bound).length];

const PLACES = [
  [t("unpleasant and very quiet"), t("unpleasant and quiet"), t("unpleasant"), t("unpleasant and lively"), t("unpleasant and excited")],
  [t("uneasy and very quiet"), t("uneasy and quiet"), t("uneasy"), t("uneasy and lively"), t("uneasy and excited")],
  [t("very quiet"), t("quiet"), t("even and undecided"), t("lively"), t("excited")],
  [t("mild and very quiet"), t("mild and quiet"), t("mild"), t("mild and lively"), t("mild and excited")],
  [t("pleasant and very quiet"), t("pleasant and quiet"), t("pleasant"), t("pleasant and lively"), t("pleasant and excited")],
];
const fifth = graded([-0.45, -0.12, 0.12, 0.45], [0, 1, 2, 3, 4]);

/** Say a mood's place in the plane, such as "pleasant and lively". */
export const affect = (mood) => PLACES[fifth(mood.valence)][fifth(mood.arousal)];

/** Say how long ago something was, `ago` seconds by the device's clock: no other clock can make it wrong. */
export function since(ago) {
  if (!(ago >= 60)) return t("just now");
  return ago < 3600 ? AGO.format(-Math.floor(ago / 60), "minute") : AGO.format(-Math.floor(ago / 3600), "hour");
}

/** Say the time of day of a moment, in milliseconds since 1970. */
export const timeOfDay = (ms) => TIME.format(ms);

/** Say a length of time in words, such as "1 hour" or "52 minutes", rounded up to whole minutes. */
export function duration(seconds) {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  return minutes % 60 === 0 ? LONG.hour.format(minutes / 60) : LONG.minute.format(minutes);
}

/** Say a place in a piece, such as "3:07". */
export function position(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const ROLES = {
  camera: t("Camera"),
  microphone: t("Microphone"),
  clip: t("Film"),
  demo: t("Demo"),
  speaker: t("Speaker"),
  accelerator: t("Accelerator"),
  light: t("Sensing light"),
};
const STATES = { on: "", off: t("off"), lost: t("not there"), "stand-in": t("standing in") };

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const emotion = (name) => t(name);
export const sense = (name) => t(VOCABULARY.senses[name] ?? capital(name));

/** Say what a way in or out is, such as "Camera: HD Webcam". */
export const way = ({ role, state, name }) =>
  `${ROLES[role] ?? capital(role)}: ${state === "off" ? t("off") : name}`;

/** Say what there is to know of a way in or out. */
export const remark = ({ note, state }) => (note ? t(note) : state === "off" ? "" : (STATES[state] ?? state));

const moving = graded([0.15, 0.4, 0.7], [t("hardly moving"), t("moving a little"), t("moving"), t("moving a lot")]);
const lit = graded([0.25, 0.5, 0.75], [t("dark"), t("dim"), t("bright"), t("very bright")]);

/** What a sense's details say to people; one that is "" is for engineers. One that is not here is shown as it is. */
const DETAILS = {
  faces: (n) => (n === 0 ? t("no faces") : n === 1 ? t("1 face") : t("{n} faces", { n })),
  speaking: (n) => (n === 0 ? t("nobody speaks") : t("{n} speaking", { n })),
  text: (words) => `\u201c${words}\u201d`,
  certainty: () => "",
  bodies: (n) => (n === 1 ? t("1 body") : t("{n} bodies", { n })),
  quantity: moving,
  extent: () => "",
  verticality: () => "",
  jerk: () => "",
  openness: () => "",
  arousal: () => "",
  brightness: lit,
  colour: (name) => t("mostly {colour}", { colour: t(name) }),
  background: () => "",
  above_noise_db: () => "",
  voiced: () => "",
};

/** Say one detail of a sense. */
function describe(key, value) {
  if (key in DETAILS) return DETAILS[key](value);
  const name = key.replaceAll("_", " ");
  if (typeof value === "boolean") return value ? name : "";
  if (typeof value === "number") return `${decimal(value, Number.isInteger(value) ? 0 : 2)} ${name}`;
  return `${name} ${value}`;
}

/** Say what a sense saw or heard beside an emotion, such as "2 faces". */
export const details = (s) =>
  Object.entries(s.detail)
    .map(([key, value]) => describe(key, value))
    .filter(Boolean)
    .join(" \u00b7 ");

const SLOWED = 0.8; // of its usual rate, from which on it is worth a word

/** Say how fast a sense works, for engineers. */
export function speed(s) {
  const parts = [
    t("{rate} a second", { rate: decimal(s.readings_per_second, 1) }),
    t("{time} ms", { time: decimal(s.milliseconds) }),
  ];
  if ("above_noise_db" in s.detail) parts.push(t("{level} dB above the noise", { level: decimal(s.detail.above_noise_db) }));
  if (s.rate < SLOWED * s.nominal_rate) parts.push(t("slower than it would, to leave time for the rest"));
  if (s.dropped > 0) parts.push(t("{count} skipped since the start, for a newer one was there", { count: decimal(s.dropped) }));
  return parts.join(" \u00b7 ");
}
