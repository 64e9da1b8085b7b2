// The page: follows the device's status, draws what changed, and sends what the user changes.

import { Access } from "./access.js";
import { Background } from "./background.js";
import { Choice, Next, Rating } from "./choices.js";
import { Device } from "./device.js";
import { element, setText } from "./dom.js";
import { emotion as inWords, since, unbroken } from "./format.js";
import { LANGUAGE, LANGUAGES, choose, t, translate } from "./language.js";
import { write } from "./lettering.js";
import { Locks } from "./locks.js";
import { Engineers } from "./now/engineers.js";
import { Headline } from "./now/headline.js";
import { icon } from "./now/icons.js";
import { Override } from "./now/override.js";
import { Senses } from "./now/senses.js";
import { Song } from "./now/song.js";
import { UpdateLine } from "./now/updates.js";
import { Notice } from "./notice.js";
import { tint } from "./palette.js";
import { Plane } from "./plane.js";
import { shareStatus } from "./shared_stream.js";
import { Views } from "./views.js";
import { Volume } from "./volume.js";
import { welcome } from "./welcome.js";
import { dials, extras, fillBar, reasons, shares, sources } from "./widgets.js";

const $ = (id) => document.getElementById(id);
const parts = (...ids) => Object.fromEntries(ids.map((id) => [id, $(id)]));

translate(document.documentElement);
$("next").append(icon("next"));

const device = new Device();
const access = new Access($("gate"), device);
new Views($("views"), $("now"), $("view"), device);
welcome(device);
const background = new Background($("field"));
const headline = new Headline(parts("lead", "letters", "waver", "name", "sure"));
const plane = new Plane($("plane"));
const song = new Song(parts("art", "title", "artist", "position", "elapsed", "pause", "mute"), $("trouble"));
const volume = new Volume($("slider"), $("volume-now"), $("trouble"));
const policy = new Choice($("policy"), $("trouble"));
const preset = new Choice($("preset"), $("trouble"));
const next = new Next($("next"), $("trouble"));
const rating = new Rating([$("liked"), $("disliked")], $("trouble"));
const override = new Override($("override"), $("override-open"), $("override-left"), $("trouble"));
const notice = new Notice($("notice"));
const updates = new UpdateLine($("updates"));
const locks = new Locks($("adjust"), $("adjust-open"));
const senses = new Senses($("senses"), $("silent"), $("switches"), document.querySelector(".switches .trouble"));
const engineers = new Engineers($("engineers"));
const showShares = shares($("shares"));
const showDials = dials($("dials"));
const showExtras = extras($("extras"));
const showReasons = reasons($("reasons"));
const showSources = sources($("sources"));
write($("mark"), "soundit edge");
offerLanguages($("language"));

let emotion = "";
let version = "";

function offerLanguages(label) {
  const select = label.querySelector("select");
  select.append(...LANGUAGES.map(([tag, name]) => Object.assign(element("option", "", name), { value: tag, lang: tag })));
  select.value = LANGUAGE;
  select.addEventListener("change", () => choose(select.value));
  label.hidden = LANGUAGES.length < 2;
}

function showMood(mood) {
  if (mood.emotion !== emotion) {
    emotion = mood.emotion;
    tint(document.documentElement, emotion);
  }
  document.title = `${inWords(emotion)} · ${device.status?.room || "soundit edge"}`;
  background.follow(mood);
  plane.show(mood);
  showShares(mood);
}

function showMusic({ music, t: now }, trouble) {
  song.show(music);
  setText($("note"), [trouble, music.note].filter(Boolean).map((note) => t(note)).join("; "));
  fillBar($("level"), Math.max(0, 1 + music.level_db / 60), "Y");
  showDials(music);
  showExtras(music);
  policy.show(music.policy);
  preset.show(music.preset);
  next.show(music.several);
  rating.show(music.rating);
  locks.show(music);
  const [latest, ...earlier] = music.reasons;
  setText($("reason"), unbroken(t(music.reason)));
  setText($("when"), latest ? since(now - latest.t) : "");
  $("earlier").hidden = earlier.length === 0;
  showReasons(earlier, now);
}

function show(status) {
  // A device with another version has another page.
  if (version && version !== status.version) location.reload();
  version = status.version;
  headline.show(status);
  showMood(status.mood);
  showMusic(status, status.note);
  senses.show(status.senses);
  override.show(status.override, status.t);
  showSources(status.sources);
  engineers.show(status);
  volume.show(status.volume);
  notice.show(status.privacy);
  updates.show(status.update);
  device.show(status);
  setText($("version"), `soundit edge ${status.version}`);
}

function link(state, message) {
  setText($("link"), message);
  if (document.body.dataset.link === state) return;
  document.body.dataset.link = state;
  const live = state === "live";
  if (live) document.body.classList.add("seen");
  else if (device.status) headline.show(device.status, false);
  for (const part of [song, volume, policy, preset, rating, next, override, locks, senses]) part.enable(live);
}

const DRAW_MS = 500; // between two pictures: meters that nobody watches must not keep a processor awake

let newest = null; // the status that is not drawn yet
let drawnAt = -DRAW_MS;
let due = false; // whether a picture is on its way

function receive(status) {
  newest = status;
  if (due) return;
  due = true;
  // Not drawn at all while nobody sees it.
  setTimeout(() => requestAnimationFrame(draw), drawnAt + DRAW_MS - performance.now());
}

function draw() {
  const status = newest;
  newest = null;
  due = false;
  drawnAt = performance.now();
  if (status === null) return;
  show(status);
  link("live", t("live"));
}

function lose(message) {
  newest = null;
  notice.lose();
  link("lost", message);
  access.look();
}

let following = null;

/** Follow the device while the page is seen and may be, and let go of it otherwise. */
function follow() {
  following?.abort();
  newest = null;
  following = document.hidden || access.barred ? null : new AbortController();
  if (following) shareStatus(receive, lose, following.signal);
}

document.addEventListener("visibilitychange", follow);
await access.look();
follow();
