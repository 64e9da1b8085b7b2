// Plain words for numbers.

const MINUS = "\u2212";

export const percent = (share) => `${Math.round(100 * share)}\u2009%`;

export function signed(value, digits) {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return (value < 0 ? MINUS : "+") + text;
}

/** Choose the first word whose bound the value does not exceed; the last word stands for all above. */
const graded = (bounds, words) => (value) => words[bounds.filter((bound) => value > bound).length];

const pleasant = graded([-0.45, -0.12, 0.12, 0.45], ["unpleasant", "uneasy", "", "mild", "pleasant"]);
const stirred = graded([-0.45, -0.12, 0.12, 0.45], ["very still", "still", "", "lively", "stirred"]);

/** Say a mood's place in the plane, such as "pleasant and lively". */
export function affect(mood) {
  const parts = [pleasant(mood.valence), stirred(mood.arousal)].filter(Boolean);
  return parts.join(" and ") || "even and undecided";
}

const faster = graded([-0.08, -0.02, 0.02, 0.08], ["slow", "slower", "as written", "faster", "fast"]);
const higher = graded([-2.5, -0.3, 0.3, 2.5], ["low", "lower", "as written", "higher", "high"]);
const brighter = graded([3000, 5500, 9000, 14000], ["dark", "veiled", "soft", "clear", "open"]);
const wider = graded([0.8, 1.3, 2.0], ["close", "a room", "a hall", "wide"]);
const louder = graded([-2, -0.4, 0.4, 2], ["soft", "softer", "as written", "fuller", "full"]);

const within = (value, low, high) => Math.min(1, Math.max(0, (value - low) / (high - low)));

export const hertz = (value) => (value >= 999.5 ? `${(value / 1000).toFixed(1)} kHz` : `${Math.round(value)} Hz`);
export const ratio = (value) => `\u00d7\u2009${value.toFixed(2)}`;
export const semitones = (value) => `${signed(value, 0)} semitone${Math.abs(Math.round(value)) === 1 ? "" : "s"}`;
export const seconds = (value) => `${value.toFixed(1)} s`;
export const echoes = (value) => `${value.toFixed(2)} s`;
export const decibels = (value) => `${signed(value, 1)} dB`;

/** Say the time of day `ago` seconds ago. */
export const clock = (ago) =>
  new Date(Date.now() - 1000 * ago).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

const bass = graded([30, 90], ["full", "lighter", "thin"]);
const depth = graded([0.02, 0.2, 0.45], ["none", "light", "clear", "strong"]);

/**
 * What each dial says: its name, the parameters that it is of, where it stands (0 to 1), where it rests, a word, a figure
 * and a second figure.
 */
export const DIALS = [
  {
    name: "Tempo",
    of: ["tempo"],
    rest: 0.5,
    at: (m) => within(Math.log2(m.tempo), -0.3, 0.3),
    word: (m) => faster(m.tempo - 1),
    figure: (m) => (m.bpm === null ? "–" : String(Math.round(m.bpm))),
    unit: "bpm",
  },
  {
    name: "Key",
    of: ["semitones"],
    rest: 0.5,
    at: (m) => within(m.semitones, -5, 5),
    word: (m) => higher(m.semitones),
    figure: (m) => signed(m.semitones, 1),
    unit: "semitones",
  },
  {
    name: "Brightness",
    of: ["cutoff_hz"],
    rest: 0,
    at: (m) => within(Math.log2(m.cutoff_hz), Math.log2(1000), Math.log2(20000)),
    word: (m) => brighter(m.cutoff_hz),
    figure: (m) => hertz(m.cutoff_hz).split(" ")[0],
    unit: (m) => hertz(m.cutoff_hz).split(" ")[1],
  },
  {
    name: "Space",
    of: ["reverb_s", "wet"],
    rest: 0,
    at: (m) => within(m.reverb_s, 0, 3),
    word: (m) => wider(m.reverb_s),
    figure: (m) => m.reverb_s.toFixed(1),
    unit: (m) => `s, ${percent(m.wet)} wet`,
  },
  {
    name: "Loudness",
    of: ["loudness_db"],
    rest: 0.5,
    at: (m) => within(m.loudness_db, -6, 6),
    word: (m) => louder(m.loudness_db),
    figure: (m) => signed(m.loudness_db, 1),
    unit: "dB",
  },
];

/** What is not always there, in the same way, but without a dial. */
export const EXTRAS = [
  { name: "Bass", of: ["highpass_hz"], word: (m) => bass(m.highpass_hz), unit: (m) => `from ${hertz(m.highpass_hz)}` },
  {
    name: "Echo",
    of: ["delay_wet", "delay_s"],
    word: (m) => depth(m.delay_wet),
    unit: (m) => `${percent(m.delay_wet)}, ${echoes(m.delay_s)}`,
  },
  { name: "Wah", of: ["wah"], word: (m) => depth(m.wah), unit: (m) => percent(m.wah) },
  { name: "Tremolo", of: ["tremolo"], word: (m) => depth(m.tremolo), unit: (m) => percent(m.tremolo) },
];

const SENSES = { face: "Face", voice: "Voice", body: "Body", lips: "Lips", hue: "Colours" };
const ROLES = { camera: "Camera", microphone: "Microphone", clip: "Film", demo: "Demo", speaker: "Speaker" };
const STATES = { on: "on", off: "off", lost: "not there", "stand-in": "standing in" };

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const sense = (name) => SENSES[name] ?? capital(name);
export const role = (name) => ROLES[name] ?? capital(name);
export const state = (name) => STATES[name] ?? name;

/** Say what a sense reads, such as "happy, 81 % sure". */
export function reads(s) {
  if (s.state === "off") return "off";
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

/** Say how a sense works: its speed and its details. */
export function works(s) {
  if (s.state === "off") return "";
  const parts = [`${s.readings_per_second.toFixed(1)} a second`, `${s.milliseconds.toFixed(0)} ms`];
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
