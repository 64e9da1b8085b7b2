// The models: what the device reads people with, what is known of each, and what you taught it yourself.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { card } from "./card.js";
import { Teach } from "./teach.js";
import { Updates } from "./updates.js";

const LOOK_MS = 5000; // figures of cost change slowly
const kilobytes = (bytes) => new Intl.NumberFormat(undefined, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 }).format(bytes / 1000);
const milliseconds = (ms) => new Intl.NumberFormat(undefined, { style: "unit", unit: "millisecond", maximumFractionDigits: 2 }).format(ms);
const origins = () => ({ shipped: t("shipped with the device"), own: t("your own, trained by a tool"), mediapipe: t("MediaPipe's") });

function facts(model) {
  const parts = [origins()[model.origin]];
  if (model.version) parts.push(t("version {version}", { version: model.version }), kilobytes(model.bytes));
  if (model.calls) parts.push(t("{time} a call on {what}", { time: milliseconds(model.milliseconds), what: model.resource }));
  else parts.push(t("not used since the start"));
  if (model.runs) parts.push(model.runs);
  return parts.join(" \u00b7 ");
}

/** One model: its name, its facts, and its card where it has one. */
function row(model) {
  const how = element("p", "facts", facts(model));
  const item = element("li", "", element("h3", "", model.name), how);
  if (model.card) item.append(card(model.name));
  return { item, show: (now) => setText(how, facts(now)) };
}

/**
 * Open the view.
 *
 * @param {HTMLElement} root
 * @param {import("../device.js").Device} device
 */
export async function open(root, device) {
  root.classList.add("models");
  const note = element("p", "trouble");
  const list = element("ul", "list");
  const teach = device.may("admin") ? new Teach(device) : null;
  root.append(
    element("h2", "title", t("What it reads you with")),
    element("p", "quiet", t("Small models look and listen on this device. You can teach it your own expressions and gestures.")),
  );
  const updates = new Updates(device);
  root.append(updates.root);
  if (teach) root.append(teach.root);
  root.append(element("h2", "title", t("Models in use")), note, list);
  note.setAttribute("role", "alert");
  const rows = new Map();

  async function look() {
    try {
      const { models, note: why } = await device.ask("GET", "/api/models");
      setText(note, why ?? "");
      for (const model of models) {
        const key = `${model.origin} ${model.name}`;
        if (!rows.has(key)) {
          rows.set(key, row(model));
          list.append(rows.get(key).item);
        }
        rows.get(key).show(model);
      }
    } catch (refusal) {
      setText(note, refusal.message);
    }
  }
  await look();
  const timer = setInterval(() => document.hidden || look(), LOOK_MS);
  return () => {
    clearInterval(timer);
    updates.close();
    teach?.close();
  };
}
