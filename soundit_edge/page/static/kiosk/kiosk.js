// The kiosk: a picture for a wall that follows the device for ever.

import { ask } from "../api.js";
import { keepAwake } from "../awake.js";
import { t, translate } from "../language.js";
import { shareStatus } from "../shared_stream.js";
import { Caption } from "./caption.js";
import { Frames } from "./frame.js";
import { lock } from "./lock.js";
import { SCENES } from "./scenes.js";
import { Stage, loadScenes } from "./stage.js";

const TURN_S = 240; // that each scene is seen, where none is chosen

const $ = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);

/** Read a number from the address; `otherwise` where there is none. */
function number(name, otherwise) {
  const value = Number.parseFloat(asked.get(name));
  return value >= 0 && value < 1e9 ? value : otherwise;
}

translate(document.documentElement);
lock();
keepAwake();

const parts = ["word", "lead", "letters", "waver", "name", "sure", "link", "shade", "notice", "said", "kept", "code", "address"];
const frozen = number("t", null);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const frames = new Frames({ still: still.matches, frozen });
const caption = new Caption(Object.fromEntries(parts.map((id) => [id, $(id)])), frozen !== null);
const stage = new Stage($("stage"), frames, await loadScenes(SCENES), {
  seed: Math.floor(number("seed", 1e6 * Math.random())),
  turn_s: number("turn", TURN_S),
  only: asked.get("scene") ?? "",
});

let version = "";
let stale = true; // whether a frozen picture has to be drawn again

function receive(status) {
  // A device with another version has another page.
  if (version && version !== status.version) location.reload();
  version = status.version;
  const now = performance.now();
  frames.follow(status, now);
  stage.choose(status.scene ?? "");
  caption.show(status, now);
  if (document.body.dataset.link !== "live") showNotice();
  document.body.dataset.link = "live";
  stale = true;
}

async function lose() {
  document.body.dataset.link = "lost";
  frames.lose();
  stale = true;
  const me = await ask("GET", "/api/me").catch(() => null);
  if (document.body.dataset.link !== "lost") return;
  const barred = me?.role === "none";
  caption.lose(barred ? t("This screen may not look yet: sign in on the device's page in this browser.") : t("Looking for the device"));
}

async function showNotice() {
  caption.lead(await ask("GET", "/api/notice").catch(() => ({ address: "", code: [] })));
}

function animate(now) {
  requestAnimationFrame(animate);
  if (frozen !== null && !stale) return;
  stale = false;
  stage.draw(now);
  caption.move(now, document.body.dataset.link === "live");
}

let following = null;

/** Follow the device while the picture is seen. */
function follow() {
  following?.abort();
  following = document.hidden ? null : new AbortController();
  if (following) shareStatus(receive, lose, following.signal);
}

still.addEventListener("change", () => (frames.still = still.matches));
addEventListener("resize", () => (stale = true));
document.addEventListener("visibilitychange", follow);
follow();
requestAnimationFrame(animate);
