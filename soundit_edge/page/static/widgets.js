// The lists of the page: shares, dials, reasons and sources. Each is built once and then only written to.

import { element, setText, svgElement } from "./dom.js";
import { emotion as inWords, percent, remark, since, way } from "./format.js";
import { DIALS, EXTRAS } from "./gauges.js";
import { t } from "./language.js";
import { EMOTIONS, tint } from "./palette.js";

const RADIUS = 42;
const OPEN = 0.75; // share of the circle that a dial takes
const ROUND = 2 * Math.PI * RADIUS;

/** Make a list whose items are only rebuilt when their keys change. */
export function keyed(list, make) {
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

export function bar() {
  const filled = element("span", "bar");
  return { filled, groove: element("span", "groove", filled) };
}

/** Fill a bar, in whole hundredths; one that stands upright, along its Y. */
export function fillBar(filled, share, axis = "X") {
  const scale = `scale${axis}(${share.toFixed(2)})`;
  if (filled.style.transform !== scale) filled.style.transform = scale;
}

export function shares(list) {
  const items = EMOTIONS.map((emotion) => {
    const { filled, groove } = bar();
    const share = element("span", "share");
    const row = element("li", "", element("span", "", inWords(emotion)), groove, share);
    tint(row, emotion);
    return { emotion, row, filled, share };
  });
  list.replaceChildren(...items.map((item) => item.row));
  return (mood) => {
    for (const { emotion, row, filled, share } of items) {
      fillBar(filled, mood.probabilities[emotion]);
      setText(share, percent(mood.probabilities[emotion]));
      row.classList.toggle("held", emotion === mood.emotion);
    }
  };
}

/** Make a padlock, which style.css opens where nothing is locked. */
export function padlock() {
  return svgElement(
    "svg",
    { class: "padlock", viewBox: "0 0 16 18", "aria-hidden": "true" },
    svgElement("path", { class: "shackle", d: "M4.5 8V5.5a3.5 3.5 0 0 1 7 0V8" }),
    svgElement("path", { class: "body", d: "M3 8h10v8H3z" }),
  );
}

/** A gauge's label, and a mark that says so where the user has locked one of its parameters. */
function label(gauge) {
  const mark = element("span", "mark-locked", padlock(), element("span", "unseen", ` ${t("locked")}`));
  mark.hidden = true;
  const show = (music) => {
    const hidden = !gauge.of.some((name) => name in music.locks);
    if (mark.hidden !== hidden) mark.hidden = hidden;
  };
  return { name: element("span", "label", gauge.label, mark), show };
}

/** What stands below a gauge's word; what is beside the figure itself is for engineers. */
const figures = (className = "") => ({ unit: element("span", `unit ${className}`), beside: element("span", "unit figures") });

const arc = (className) => svgElement("circle", { class: className, r: RADIUS, transform: "rotate(135)" });

function sweep(circle, from, to) {
  const [start, end] = [Math.min(from, to), Math.max(from, to)];
  const length = Math.max(0.01, (end - start) * OPEN * ROUND);
  circle.style.strokeDasharray = `${length} ${ROUND}`;
  circle.style.strokeDashoffset = String(-start * OPEN * ROUND);
}

export function dials(list) {
  const items = DIALS.map((dial) => {
    const whole = arc("whole");
    const part = arc("part");
    sweep(whole, 0, 1);
    const svg = svgElement("svg", { viewBox: "-48 -48 96 86", "aria-hidden": "true" }, whole, part);
    const figure = element("span", "figure");
    const { unit, beside } = figures();
    const word = element("span");
    const { name, show } = label(dial);
    const row = element("li", "", name, element("div", "dial", svg, figure), word, unit, beside);
    return { dial, row, part, figure, unit, beside, word, show };
  });
  list.replaceChildren(...items.map((item) => item.row));
  return (music) => {
    for (const { dial, part, figure, unit, beside, word, show } of items) {
      show(music);
      sweep(part, dial.rest, dial.at(music));
      setText(figure, dial.figure(music));
      setText(unit, dial.unit(music));
      setText(beside, dial.beside(music));
      setText(word, dial.word(music));
    }
  };
}

export function extras(list) {
  const items = EXTRAS.map((extra) => {
    const word = element("span");
    const { unit, beside } = figures("figures");
    const { name, show } = label(extra);
    return { extra, row: element("li", "", name, " ", word, unit, beside), word, unit, beside, show };
  });
  list.replaceChildren(...items.map((item) => item.row));
  return (music) => {
    for (const { extra, word, unit, beside, show } of items) {
      show(music);
      setText(word, extra.word(music));
      setText(unit, extra.unit(music));
      setText(beside, extra.beside(music));
    }
  };
}

/** The reasons before the latest, each with how long ago it was. */
export function reasons(list) {
  const update = keyed(list, (entry) => {
    const what = element("span");
    const when = element("time");
    return { row: element("li", "", when, what), when, what };
  });
  return (entries, now) => {
    const items = update(entries, (entry) => entry.t);
    entries.forEach((entry, i) => {
      setText(items[i].when, since(now - entry.t));
      setText(items[i].what, t(entry.words));
    });
  };
}

export function sources(list) {
  const update = keyed(list, (entry) => {
    const what = element("span");
    const note = element("span", "note");
    return { row: element("li", entry.state, what, " ", note), what, note };
  });
  return (entries) => {
    const items = update(entries, (entry) => `${entry.role} ${entry.name} ${entry.state}`);
    entries.forEach((entry, i) => {
      setText(items[i].what, way(entry));
      setText(items[i].note, remark(entry));
    });
  };
}
