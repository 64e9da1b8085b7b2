// What the senses and their models cost, as two tables for whoever would look: written only while they are open.

import { element, setText } from "./dom.js";
import { decimal, sense } from "./format.js";
import { t } from "./language.js";

const NONE = "\u2013";
const milliseconds = (value) => (value === 0 ? NONE : t("{time} ms", { time: decimal(value, value < 10 ? 1 : 0) }));
const perSecond = (value) => decimal(value, 1);

/** A column: what is above it, what that means, and what it says of a row. */
const SENSES = [
  [t("Sense"), "", (s) => sense(s.name)],
  [t("Now"), t("Readings a second that it may make now"), (s) => (s.state === "off" ? t("off") : s.state === "failing" ? t("failing") : perSecond(s.rate))],
  [t("Usual"), t("Readings a second where nothing is short"), (s) => perSecond(s.nominal_rate)],
  [t("Takes"), t("What a reading takes: half of the latest took no longer"), (s) => milliseconds(s.milliseconds)],
  [t("Up to"), t("95 of 100 readings took no longer"), (s) => milliseconds(s.milliseconds_p95)],
  [t("Waited"), t("How old a frame or window is when its reading begins: 95 of 100 were no older"), (s) => milliseconds(s.age_milliseconds)],
  [t("Skipped"), t("Frames or windows that a newer one replaced"), (s) => decimal(s.dropped)],
  [t("Late"), t("Readings that ended after their deadline"), (s) => decimal(s.missed_deadlines)],
  [t("Failed"), t("Readings that failed"), (s) => decimal(s.failures)],
  [t("Runs on"), t("What a reading needs to itself"), (s) => s.resource || NONE],
];

const MODELS = [
  [t("Model"), "", (m) => m.name.replaceAll("_", " ")],
  [t("Takes"), t("What a call takes: half of the latest took no longer"), (m) => milliseconds(m.milliseconds)],
  [t("Up to"), t("95 of 100 calls took no longer"), (m) => milliseconds(m.milliseconds_p95)],
  [t("Calls"), t("Since the start"), (m) => decimal(m.calls)],
  [t("Runs on"), t("The processor, or an accelerator"), (m) => m.resource],
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
