// The evening: how the mood went over the last 24 hours, with the reasons for which the music changed as marks on it.

import { element, setText, svgElement } from "../dom.js";
import { emotion, timeOfDay } from "../format.js";
import { t } from "../language.js";
import { EMOTIONS, tint } from "../palette.js";

const [WIDTH, HEIGHT] = [1000, 240];
const REFRESH_MS = 60000;
const MAX_GAP = 4; // of the usual step; a longer one is a time in which nothing was kept

const down = (value) => (HEIGHT * (1 - value)) / 2;

/** Draw a line through what is known, broken where nothing is. */
function line(times, values, at, step) {
  return values
    .map((value, i) => (value === null ? "" : `${i && times[i] - times[i - 1] <= MAX_GAP * step && values[i - 1] !== null ? "L" : "M"}${at(times[i]).toFixed(1)} ${down(value).toFixed(1)}`))
    .join("");
}

/** A stripe of colours: which mood was held when. */
function stripe({ t: times, emotion: names }, at, step) {
  const parts = [];
  names.forEach((name, i) => {
    const end = Math.min(times[i + 1] ?? times[i] + step, times[i] + MAX_GAP * step);
    const last = parts.at(-1);
    if (last?.name === name && last.end === times[i]) last.end = end;
    else parts.push({ name, start: times[i], end });
  });
  return parts.map(({ name, start, end }) => {
    const rect = svgElement("rect", { class: "held", x: at(start).toFixed(1), width: Math.max(1, at(end) - at(start)).toFixed(1), y: HEIGHT + 8, height: 16 });
    tint(rect, name);
    rect.append(svgElement("title", {}, emotion(name)));
    return rect;
  });
}

/** What happened: a reason in the reader's language, or a track's title as it is. */
const say = ({ kind, words }) => (kind === "track" ? `\u266a ${words}` : t(words));

function chart(history) {
  const times = history.t;
  const [from, to] = [times[0], Math.max(history.now, times.at(-1) + 1)];
  const at = (moment) => (WIDTH * (moment - from)) / (to - from);
  const step = times.length > 1 ? (times.at(-1) - times[0]) / (times.length - 1) : 60;
  const svg = svgElement(
    "svg",
    { viewBox: `-4 -4 ${WIDTH + 8} ${HEIGHT + 32}`, preserveAspectRatio: "none", role: "img", "aria-label": t("The mood of the last 24 hours: how pleasant and how lively it was") },
    svgElement("path", { class: "axis", d: `M0 ${HEIGHT / 2}H${WIDTH}` }),
    svgElement("path", { class: "arousal", d: line(times, history.arousal, at, step) }),
    svgElement("path", { class: "valence", d: line(times, history.valence, at, step) }),
    ...stripe(history, at, step),
  );
  for (const mark of history.marks.filter((one) => one.t >= from)) {
    svg.append(svgElement("path", { class: `at-${mark.kind}`, d: `M${at(mark.t).toFixed(1)} 0V${HEIGHT}` }, svgElement("title", {}, say(mark))));
  }
  return svg;
}

export function open(root, device) {
  const note = element("p", "quiet");
  const figure = element("figure", "chart");
  const ends = element("p", "ends label");
  const key = element("p", "key label", element("span", "of-valence", t("how pleasant")), element("span", "of-arousal", t("how lively")));
  const swatches = element("p", "key label");
  const list = element("ol", "told");
  note.setAttribute("role", "status");
  const erase = Object.assign(element("button", "button", t("Erase the history")), { type: "button", hidden: true });
  root.append(element("h1", "", t("The last 24 hours")), note, key, figure, ends, swatches, list, erase);

  const draw = (history) => {
    const some = history !== null && history.t.length > 0;
    for (const part of [key, figure, ends, swatches, list]) part.hidden = !some;
    erase.hidden = !some || !device.may("admin");
    setText(note, history === null ? t("This device keeps no history of the mood.") : some ? "" : t("Nothing is kept yet: look again in some minutes."));
    if (!some) return;
    // By the reader's clock: the device's may be years off where it has no battery.
    const moment = (seconds) => timeOfDay(Date.now() - 1000 * (history.now - seconds));
    figure.replaceChildren(chart(history));
    const felt = EMOTIONS.filter((name) => history.emotion.includes(name)).map((name) => {
      const swatch = element("span", "swatch", emotion(name));
      tint(swatch, name);
      return swatch;
    });
    swatches.replaceChildren(...felt);
    ends.replaceChildren(element("span", "", moment(history.t[0])), element("span", "", moment(history.now)));
    list.replaceChildren(
      ...history.marks.toReversed().map((mark) => element("li", "", element("time", "", moment(mark.t)), element("span", "", say(mark)))),
    );
  };
  const load = async () => {
    try {
      draw(await device.ask("GET", "/api/history/mood?hours=24"));
    } catch (refusal) {
      if (refusal.code === 404) draw(null);
      else setText(note, refusal.message);
    }
  };
  erase.addEventListener("click", async () => {
    try {
      await device.ask("DELETE", "/api/history/mood", {});
      await load();
      setText(note, t("The history is erased."));
    } catch (refusal) {
      setText(note, refusal.message);
    }
  });
  const timer = setInterval(load, REFRESH_MS);
  return load().then(() => () => clearInterval(timer));
}
