// The lists of the page: shares, senses, dials, reasons and sources. Each is built once and then only written to.

import { EMOTIONS, tint } from "./palette.js";
import { DIALS, EXTRAS, clock, percent, reads, role, sense, skipped, state, works } from "./format.js";

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 42;
const OPEN = 0.75; // share of the circle that a dial takes
const ROUND = 2 * Math.PI * RADIUS;

/** Write text where it is another; a reader of the screen and the browser's layout are left alone otherwise. */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function element(name, className = "", ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** A list whose items are made anew only when the items' keys change. */
function keyed(list, make) {
  let keys = "";
  let items = [];
  return (entries, key) => {
    const wanted = entries.map(key).join("\n");
    if (wanted !== keys || items.length !== entries.length) {
      keys = wanted;
      items = entries.map(make);
      list.replaceChildren(...items.map((item) => item.row));
    }
    return items;
  };
}

function bar() {
  const filled = element("span", "bar");
  return { filled, groove: element("span", "groove", filled) };
}

/** Fill a bar, in whole hundredths. */
export function fill(filled, share) {
  const scale = `scaleX(${share.toFixed(2)})`;
  if (filled.style.transform !== scale) filled.style.transform = scale;
}

export function shares(list) {
  const items = EMOTIONS.map((emotion) => {
    const { filled, groove } = bar();
    const share = element("span", "share");
    const row = element("li", "", element("span", "", emotion), groove, share);
    tint(row, emotion);
    return { emotion, row, filled, share };
  });
  list.replaceChildren(...items.map((item) => item.row));
  return (mood) => {
    for (const { emotion, row, filled, share } of items) {
      fill(filled, mood.probabilities[emotion]);
      put(share, percent(mood.probabilities[emotion]));
      row.classList.toggle("held", emotion === mood.emotion);
    }
  };
}

export function senses(list) {
  const update = keyed(list, (entry) => {
    const { filled, groove } = bar();
    const what = element("span");
    const how = element("span", "how");
    groove.classList.add("trust");
    groove.setAttribute("role", "img");
    const row = element("li", "", element("span", "", sense(entry.name)), element("span", "", what, groove), how);
    return { row, what, how, groove, filled };
  });
  return (entries) => {
    const items = update(entries, (entry) => entry.name);
    entries.forEach((entry, i) => {
      const { what, how, groove, filled } = items[i];
      const reading = entry.state === "reading" && entry.emotion !== null;
      put(what, reads(entry));
      put(how, works(entry));
      how.title = skipped(entry);
      what.className = reading ? "" : "silent";
      groove.hidden = !reading;
      groove.setAttribute("aria-label", `counts ${percent(entry.trust)}`);
      groove.title = `counts ${percent(entry.trust)}`;
      fill(filled, entry.trust);
      tint(groove, reading ? entry.emotion : "neutral");
    });
  };
}

/** A padlock, which style.css opens where nothing is locked. */
export function padlock() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "padlock");
  svg.setAttribute("viewBox", "0 0 16 18");
  svg.setAttribute("aria-hidden", "true");
  for (const [name, d] of [["shackle", "M4.5 8V5.5a3.5 3.5 0 0 1 7 0V8"], ["body", "M3 8h10v8H3z"]]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** A dial's name, and a mark that says so where the user has locked one of its parameters. */
function label(dial) {
  const mark = element("span", "mark-locked", padlock(), element("span", "unseen", " locked"));
  mark.hidden = true;
  const show = (music) => {
    const hidden = !dial.of.some((name) => name in music.locks);
    if (mark.hidden !== hidden) mark.hidden = hidden;
  };
  return { name: element("span", "label", dial.name, mark), show };
}

function arc(className) {
  const circle = document.createElementNS(SVG, "circle");
  circle.setAttribute("class", className);
  circle.setAttribute("r", String(RADIUS));
  circle.setAttribute("transform", "rotate(135)");
  return circle;
}

function sweep(circle, from, to) {
  const [start, end] = [Math.min(from, to), Math.max(from, to)];
  const length = Math.max(0.01, (end - start) * OPEN * ROUND);
  circle.style.strokeDasharray = `${length} ${ROUND}`;
  circle.style.strokeDashoffset = String(-start * OPEN * ROUND);
}

export function dials(list) {
  const items = DIALS.map((dial) => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "-48 -48 96 86");
    svg.setAttribute("aria-hidden", "true");
    const whole = arc("whole");
    const part = arc("part");
    sweep(whole, 0, 1);
    svg.append(whole, part);
    const figure = element("span", "figure");
    const unit = element("span", "unit");
    const word = element("span");
    const { name, show } = label(dial);
    const row = element("li", "", name, element("div", "dial", svg, figure), word, unit);
    return { dial, row, part, figure, unit, word, show };
  });
  list.replaceChildren(...items.map((item) => item.row));
  return (music) => {
    for (const { dial, part, figure, unit, word, show } of items) {
      show(music);
      sweep(part, dial.rest, dial.at(music));
      put(figure, dial.figure(music));
      put(unit, typeof dial.unit === "string" ? dial.unit : dial.unit(music));
      put(word, dial.word(music));
    }
  };
}

export function extras(list) {
  const items = EXTRAS.map((extra) => {
    const word = element("span");
    const unit = element("span", "unit");
    const { name, show } = label(extra);
    return { extra, row: element("li", "", name, " ", word, unit), word, unit, show };
  });
  list.replaceChildren(...items.map((item) => item.row));
  return (music) => {
    for (const { extra, word, unit, show } of items) {
      show(music);
      put(word, extra.word(music));
      put(unit, extra.unit(music));
    }
  };
}

/** The reasons before the latest; each keeps the time of day that it got when it was first seen. */
export function reasons(list) {
  const update = keyed(list, (entry) => {
    const what = element("span");
    return { row: element("li", "", element("time", "", clock(entry.ago)), what), what };
  });
  return (entries, now) => {
    const items = update(
      entries.map((entry) => ({ ...entry, ago: now - entry.t })),
      (entry) => entry.t,
    );
    entries.forEach((entry, i) => put(items[i].what, entry.words));
  };
}

export function sources(list) {
  const update = keyed(list, (entry) => {
    const what = element("span");
    const note = element("span", "note");
    return { row: element("li", entry.state, what, " ", note), what, note };
  });
  return (entries) => {
    const items = update(entries, (entry) => `${entry.role} ${entry.state}`);
    entries.forEach((entry, i) => {
      put(items[i].what, `${role(entry.role)}: ${entry.state === "off" ? "off" : entry.name}`);
      put(items[i].note, entry.note || (entry.state === "on" || entry.state === "off" ? "" : state(entry.state)));
    });
  };
}
