// The schedule: quiet hours and entries, each with its days and hours, and the whole week at a glance.

import { element } from "../dom.js";
import { percent } from "../format.js";
import { LANGUAGE, t } from "../language.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTES = 24 * 60;
const MONDAY = Date.UTC(2024, 0, 1);
const dayNames = (width) => {
  const format = new Intl.DateTimeFormat(LANGUAGE, { weekday: width, timeZone: "UTC" });
  return DAYS.map((_, i) => format.format(MONDAY + i * 86_400_000));
};
const minutes = (clock) => 60 * Number(clock.slice(0, 2)) + Number(clock.slice(3));

/**
 * The editor of one list of periods.
 *
 * @param {{about: object}} setting as the device describes it
 * @returns {import("./setting.js").Control}
 */
export function periods({ about }) {
  const fields = about.items.properties;
  const list = element("ul", "periods");
  const add = element("button", "button", t("Add hours"));
  add.type = "button";
  const root = element("div", "week-editor", list, add);
  root.tabIndex = -1;
  let rows = [];
  const changed = () => root.dispatchEvent(new Event("change"));

  function append(period) {
    const row = periodRow(fields, period, changed, () => {
      rows = rows.filter((one) => one !== row);
      row.root.remove();
      add.focus();
      changed();
    });
    rows.push(row);
    list.append(row.root);
    return row;
  }
  add.addEventListener("click", () => {
    append({ days: DAYS, from: "22:00", to: "07:00" }).root.querySelector("input").focus();
    changed();
  });
  const show = (value) => {
    rows = [];
    list.replaceChildren();
    value.forEach(append);
  };
  return { root, input: root, value: () => rows.map((row) => row.value()), show };
}

function periodRow(fields, period, changed, remove) {
  const row = element("li", "period");
  const days = element("fieldset", "days", element("legend", "unseen", t("Days")));
  const boxes = dayNames("short").map((name, i) => {
    const box = element("input");
    Object.assign(box, { type: "checkbox", checked: period.days.includes(DAYS[i]) });
    days.append(element("label", "", box, element("span", "", name)));
    return box;
  });
  const [from, to] = [clockInput(t("From"), period.from), clockInput(t("To"), period.to)];
  const chosen = {};
  for (const name of Object.keys(fields).filter((one) => !["days", "from", "to", "max_volume"].includes(one))) {
    const [input, read] = otherInput(fields[name], period[name]);
    row.append(labelled(t(fields[name].title), input));
    chosen[name] = read;
  }
  const ceiling = ceilingInput(period.max_volume, fields.max_volume.default);
  const gone = element("button", "button", t("Remove"));
  gone.type = "button";
  gone.addEventListener("click", remove);
  row.prepend(days, element("span", "hours", from, to));
  row.append(labelled(t("No louder than"), ceiling), gone);
  row.addEventListener("change", (event) => {
    event.stopPropagation();
    if (!boxes.some((box) => box.checked)) event.target.checked = true; // at least one day
    if (event.target.pattern && !event.target.reportValidity()) return;
    if (from.lastChild.value && to.lastChild.value) changed();
  });
  const value = () => ({
    days: DAYS.filter((_, i) => boxes[i].checked),
    from: from.lastChild.value,
    to: to.lastChild.value,
    ...Object.fromEntries(Object.entries(chosen).map(([name, read]) => [name, read()])),
    max_volume: ceiling.value === "" ? null : Number(ceiling.value),
  });
  return { root: row, value };
}

/** What else an entry changes: a choice, a switch or a word, and a function that reads it; null leaves it as it is. */
function otherInput(about, value) {
  if (about.type === "boolean") {
    const input = element("input", "switch");
    Object.assign(input, { type: "checkbox", checked: value ?? about.default });
    input.setAttribute("role", "switch");
    return [input, () => input.checked];
  }
  const input = element(about.enum ? "select" : "input");
  if (about.enum) input.append(new Option(t("as it is"), ""), ...about.enum.map((one) => new Option(t(one), one)));
  else Object.assign(input, { type: "text", pattern: about.pattern, spellcheck: false, placeholder: t("as it is") });
  input.value = value ?? "";
  return [input, () => input.value || null];
}

const labelled = (title, input) => element("label", "", element("span", "label", title), input);

function clockInput(title, value) {
  const input = element("input");
  Object.assign(input, { type: "time", required: true, value });
  return labelled(title, input);
}

/** The loudest that it may be; of quiet hours there always is one. */
function ceilingInput(value, otherwise) {
  const select = element("select");
  const steps = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
  const now = value ?? otherwise;
  if (otherwise === null || otherwise === undefined) select.append(new Option(t("as it is"), ""));
  if (now !== null && now !== undefined && !steps.includes(now)) steps.push(now);
  for (const step of steps.sort((a, b) => a - b)) select.append(new Option(step ? percent(step) : t("silent"), step));
  select.value = now ?? "";
  return select;
}

/** The week at a glance: a row for each day, with what is quiet and what is scheduled. */
export class Week {
  constructor() {
    this.root = element("figure", "week");
    this.root.setAttribute("role", "img");
    this.names = dayNames("short");
    this.rows = DAYS.map((_, i) => {
      const track = element("div", "track");
      this.root.append(element("span", "label", this.names[i]), track);
      return track;
    });
    const hours = element("div", "hours-scale");
    for (const hour of [0, 6, 12, 18, 24]) hours.append(element("span", "label", String(hour)));
    this.root.append(element("span"), hours);
  }

  /** Show quiet hours and entries. */
  show(quiet, entries) {
    for (const row of this.rows) row.replaceChildren();
    for (const period of entries) this.#draw(period, "entry");
    for (const period of quiet) this.#draw(period, "still");
    const days = (period) => period.days.map((day) => this.names[DAYS.indexOf(day)]).join(", ");
    const words = [
      ...quiet.map((p) => t("Quiet {days}, {from} to {to}", { ...p, days: days(p) })),
      ...entries.map((p) => t("Scheduled {days}, {from} to {to}", { ...p, days: days(p) })),
    ];
    this.root.setAttribute("aria-label", words.join("; ") || t("Nothing is scheduled."));
  }

  #draw(period, kind) {
    const [from, to] = [minutes(period.from), minutes(period.to)];
    for (const day of period.days.map((name) => DAYS.indexOf(name))) {
      if (from < to) this.#bar(day, from, to, kind);
      else {
        this.#bar(day, from, MINUTES, kind);
        this.#bar((day + 1) % 7, 0, to, kind);
      }
    }
  }

  #bar(day, from, to, kind) {
    const bar = element("span", kind);
    bar.style.left = `${(100 * from) / MINUTES}%`;
    bar.style.width = `${(100 * (to - from)) / MINUTES}%`;
    this.rows[day].append(bar);
  }
}

