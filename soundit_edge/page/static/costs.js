// What the senses and their models cost, as two tables for whoever would look: written only while they are open.

import { element, setText } from "./dom.js";
import { sense } from "./format.js";

const NONE = "\u2013";
const milliseconds = (value) => (value === 0 ? NONE : `${value.toFixed(value < 10 ? 1 : 0)} ms`);
const perSecond = (value) => value.toFixed(1);

/** A column: what is above it, what that means, and what it says of a row. */
const SENSES = [
  ["Sense", "", (s) => sense(s.name)],
  ["Now", "Readings a second that it may make now", (s) => (s.state === "off" ? "off" : s.state === "failing" ? "failing" : perSecond(s.rate))],
  ["Usual", "Readings a second where nothing is short", (s) => perSecond(s.nominal_rate)],
  ["Takes", "What a reading takes: half of the latest took no longer", (s) => milliseconds(s.milliseconds)],
  ["Up to", "95 of 100 readings took no longer", (s) => milliseconds(s.milliseconds_p95)],
  ["Waited", "How old a frame or window is when its reading begins: 95 of 100 were no older", (s) => milliseconds(s.age_milliseconds)],
  ["Skipped", "Frames or windows that a newer one replaced", (s) => s.dropped],
  ["Late", "Readings that ended after their deadline", (s) => s.missed_deadlines],
  ["Failed", "Readings that failed", (s) => s.failures],
  ["Runs on", "What a reading needs to itself", (s) => s.resource || NONE],
];

const MODELS = [
  ["Model", "", (m) => m.name.replaceAll("_", " ")],
  ["Takes", "What a call takes: half of the latest took no longer", (m) => milliseconds(m.milliseconds)],
  ["Up to", "95 of 100 calls took no longer", (m) => milliseconds(m.milliseconds_p95)],
  ["Calls", "Since the start", (m) => m.calls],
  ["Runs on", "The processor, or an accelerator", (m) => m.resource],
];

/** Make a table's head, and return what writes its rows. */
function fill(table, columns) {
  const heads = columns.map(([title, help]) => {
    const head = element("th", "", title);
    Object.assign(head, { scope: "col", title: help });
    return head;
  });
  const body = element("tbody");
  table.append(element("thead", "", element("tr", "", ...heads)), body);
  return (entries) => {
    while (body.rows.length > entries.length) body.lastChild.remove();
    while (body.rows.length < entries.length) {
      const row = element("tr", "", ...columns.map((_, i) => element(i === 0 ? "th" : "td")));
      row.firstChild.scope = "row";
      body.append(row);
    }
    entries.forEach((entry, y) => columns.forEach(([, , say], x) => setText(body.rows[y].cells[x], String(say(entry)))));
  };
}

/** @param {HTMLDetailsElement} details that hold the two tables */
export function costs(details) {
  const [senses, models] = details.querySelectorAll("table");
  const [writeSenses, writeModels] = [fill(senses, SENSES), fill(models, MODELS)];
  let latest = null;
  const write = () => {
    if (!details.open || latest === null) return;
    writeSenses(latest.senses);
    writeModels(latest.models);
  };
  details.addEventListener("toggle", write);
  return (status) => {
    latest = status;
    write();
  };
}
