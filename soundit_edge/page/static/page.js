// The page: follows the device's status, draws what changed, and sends what the user changes.

import { Background } from "./background.js";
import { Choice, Next, Rating } from "./choices.js";
import { costs } from "./costs.js";
import { Device } from "./device.js";
import { setText } from "./dom.js";
import { affect, clock, percent, playing } from "./format.js";
import { LANGUAGE, t, translate } from "./language.js";
import { write } from "./lettering.js";
import { Locks } from "./locks.js";
import { Notice } from "./notice.js";
import { tint } from "./palette.js";
import { Plane } from "./plane.js";
import { shareStatus } from "./shared_stream.js";
import { Views } from "./views.js";
import { Volume } from "./volume.js";
import { dials, extras, fillBar, reasons, senses, shares, sources } from "./widgets.js";

const $ = (id) => document.getElementById(id);

document.documentElement.lang = LANGUAGE;
translate(document.documentElement);

const device = new Device();
new Views($("views"), $("now"), $("view"), device);
const background = new Background($("field"));
const plane = new Plane($("plane"));
const volume = new Volume($("slider"), $("volume-now"), $("trouble"));
const policy = new Choice($("policy"), $("trouble"));
const preset = new Choice($("preset"), $("trouble"));
const next = new Next($("next"), $("trouble"));
const rating = new Rating([$("liked"), $("disliked")], $("trouble"));
const notice = new Notice($("notice"));
const locks = new Locks($("adjust"), $("adjust-open"));
const showShares = shares($("shares"));
const showSenses = senses($("senses"));
const showDials = dials($("dials"));
const showExtras = extras($("extras"));
const showReasons = reasons($("reasons"));
const showSources = sources($("sources"));
const showCosts = costs($("costs"));
write($("mark"), "soundit edge");

let emotion = "";
let reason_t = null; // of the latest reason
let version = "";

function showMood(mood) {
  if (mood.emotion !== emotion) {
    emotion = mood.emotion;
    write($("letters"), emotion);
    setText($("name"), emotion);
    tint(document.documentElement, emotion);
    document.title = `${emotion} · soundit edge`;
  }
  // A stirred room is written with a heavier hand.
  $("letters").style.setProperty("--weight", Math.round(13 + 6 * mood.arousal));
  setText($("sure"), `${affect(mood)} · ${percent(mood.confidence)} sure`);
  background.follow(mood);
  plane.show(mood);
  showShares(mood);
}

function showMusic(music, trouble) {
  setText($("title"), music.title);
  setText($("playing"), playing(music));
  setText($("note"), [trouble, music.note].filter(Boolean).join("; "));
  fillBar($("level"), Math.max(0, 1 + music.level_db / 60));
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
  setText($("reason"), music.reason);
  if (latest && latest.t !== reason_t) setText($("when"), clock(now - latest.t));
  reason_t = latest?.t;
  $("earlier").hidden = earlier.length === 0;
  showReasons(earlier, now);
}

function show(status) {
  // A device with another version has another page.
  if (version && version !== status.version) location.reload();
  version = status.version;
  showMood(status.mood);
  showMusic(status.music, status.note);
  showWhy(status.music, status.t);
  showSenses(status.senses);
  showSources(status.sources);
  showCosts(status);
  volume.show(status.volume);
  notice.show(status.privacy);
  device.show(status);
  setText($("version"), `soundit edge ${status.version}`);
}

function link(state, message = state) {
  setText($("link"), message);
  if (document.body.dataset.link === state) return;
  document.body.dataset.link = state;
  const live = state === "live";
  if (live) document.body.classList.add("seen");
  setText($("lead"), t(live ? "The room feels" : "The room felt"));
  for (const part of [volume, policy, preset, rating, next, locks]) part.enable(live);
}

let newest = null; // the status that is not drawn yet

function receive(status) {
  // Drawn once per picture of the screen, and not at all while nobody sees it.
  if (newest === null) requestAnimationFrame(draw);
  newest = status;
}

function draw() {
  const status = newest;
  newest = null;
  if (status === null) return;
  show(status);
  link("live");
}

function lose(message) {
  newest = null;
  notice.lose();
  link("lost", message);
}

let following = null;

/** Follow the device while the page is seen, and let go of it otherwise. */
function follow() {
  following?.abort();
  newest = null;
  following = document.hidden ? null : new AbortController();
  if (following) shareStatus(receive, lose, following.signal);
}

document.addEventListener("visibilitychange", follow);
follow();
