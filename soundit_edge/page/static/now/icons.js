// The few pictures on buttons, drawn with the strokes of our letters.

import { svgElement } from "../dom.js";

const PATHS = {
  play: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  next: "M5 5v14l10-7zM19 5v14",
  sound: "M4 10v4h3l5 4V6L7 10zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11",
  muted: "M4 10v4h3l5 4V6L7 10zM16 9.5l5 5M21 9.5l-5 5",
  note: "M9 17.5a2.5 2 0 1 1-.1-.6M9 17.5V6l9-2v11.5a2.5 2 0 1 1-.1-.6",
};

export const icon = (name) =>
  svgElement("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, svgElement("path", { d: PATHS[name] }));
