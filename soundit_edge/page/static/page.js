// The page: follows the device's stream of status events, draws what changed, and sends back what is chosen.

import { Choice, Next, Rating } from "./choices.js";
import { Field } from "./background.js";
import { write } from "./lettering.js";
import { Locks } from "./locks.js";
import { tint } from "./palette.js";
import { dials, extras, fill, put, reasons, senses, shares, sources } from "./widgets.js";
import { Plane } from "./plane.js";
import { affect, clock, percent, playing } from "./format.js";
import { Volume } from "./volume.js";

const SILENCE_MS = 3000; // without an event for so long, the device counts as gone
const AGAIN_MS = 1000; // between two attempts to reach it

const $ = (id) => document.getElementById(id);

const field = new Field($("field"));
const plane = new Plane($("plane"));
const volume = new Volume($("slider"), $("volume-now"), $("trouble"));
const policy = new Choice($("policy"), $("trouble"));
const preset = new Choice($("preset"), $("trouble"));
const next = new Next($("next"), $("trouble"));
const rating = new Rating([$("liked"), $("disliked")], $("trouble"));
const locks = new Locks($("adjust"), $("adjust-open"));
const showShares = shares($("shares"));
const showSenses = senses($("senses"));
const showDials = dials($("dials"));
const showExtras = extras($("extras"));
const showReasons = reasons($("reasons"));
const showSources = sources($("sources"));
write($("mark"), "soundit edge");
put($("link"), "connecting");

let emotion = "";
let reason_t = null; // of the latest reason
let version = "";

function showMood(mood) {
  if (mood.emotion !== emotion) {
    emotion = mood.emotion;
    write($("letters"), emotion);
    put($("name"), emotion);
    tint(document.documentElement, emotion);
    document.title = `${emotion} · soundit edge`;
  }
  // A stirred room is written with a heavier hand.
  $("letters").style.setProperty("--weight", Math.round(13 + 6 * mood.arousal));
  put($("sure"), `${affect(mood)} · ${percent(mood.confidence)} sure`);
  field.follow(mood);
  plane.show(mood);
  showShares(mood);
}

function showMusic(music) {
  put($("title"), music.title);
  put($("playing"), playing(music));
  put($("note"), music.note);
  fill($("level"), Math.max(0, 1 + music.level_db / 60));
  showDials(music);
  showExtras(music);
  policy.show(music.policy);
  preset.show(music.preset);
  next.show(music.several);
  rating.show(music.rating);
  locks.show(music);
}

function showWhy(music, now) {
  const [latest, ...earlier] = music.reasons;
  put($("reason"), music.reason);
  if (latest && latest.t !== reason_t) put($("when"), clock(now - latest.t));
  reason_t = latest?.t;
  $("earlier").hidden = earlier.length === 0;
  showReasons(earlier, now);
}

function show(status) {
  // A device with another version has another page.
  if (version && version !== status.version) location.reload();
  version = status.version;
  showMood(status.mood);
  showMusic(status.music);
  showWhy(status.music, status.t);
  showSenses(status.senses);
  showSources(status.sources);
  volume.show(status.volume);
  put($("version"), `soundit edge ${status.version}`);
}

function link(state) {
  if (document.body.dataset.link === state) return;
  document.body.dataset.link = state;
  const lost = state === "lost";
  put($("link"), lost ? "Not connected: the device is off or starting. Trying again." : "live");
  put($("lead"), lost ? "The room felt" : "The room feels");
  for (const part of [volume, policy, preset, rating, next, locks]) part.enable(!lost);
}

let stream = null;
let newest = null;
let heard = 0;

function receive(event) {
  heard = performance.now();
  // Drawn once per picture of the screen, and not at all while nobody sees it.
  if (newest === null) requestAnimationFrame(draw);
  newest = JSON.parse(event.data);
}

function draw() {
  const status = newest;
  newest = null;
  if (stream === null) return;
  show(status);
  link("live");
}

function connect() {
  disconnect();
  if (document.hidden) return;
  heard = performance.now();
  stream = new EventSource("/api/events");
  stream.addEventListener("message", receive);
  stream.addEventListener("error", lose);
}

function disconnect() {
  stream?.close();
  stream = null;
}

function lose() {
  disconnect();
  link("lost");
  setTimeout(connect, AGAIN_MS);
}

setInterval(() => stream !== null && performance.now() - heard > SILENCE_MS && lose(), AGAIN_MS);
document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
connect();
