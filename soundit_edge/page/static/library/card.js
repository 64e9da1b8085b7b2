// The song card: what plays, by whom, and how far it is; and where the music comes from.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { length, trouble } from "./parts.js";

const SOURCES = () => [
  ["theme", t("Theme"), t("A piece of our own, made for this device.")],
  ["compose", t("Composed"), t("Music that is written while it plays, for the room.")],
  ["library", t("My music"), t("Songs of your own that fit the room.")],
];

/** Show what plays. Returns the element and what ends it. */
export function songCard(device) {
  const art = element("img", "art");
  art.alt = "";
  const title = element("h2", "card-title");
  const by = element("p", "quiet");
  const bar = element("span", "bar");
  const groove = element("div", "groove position", bar);
  const time = element("p", "quiet times");
  const card = element("div", "card", art, element("div", "", title, by, groove, time));
  const end = device.onStatus(({ music }) => {
    setText(title, music.title || t("Nothing plays yet"));
    setText(by, [music.artist, music.album].filter(Boolean).join(" · "));
    art.hidden = !music.art;
    if (music.art && art.getAttribute("src") !== music.art) art.src = music.art;
    const known = music.length_s > 0 && music.position_s !== null && music.position_s !== undefined;
    groove.hidden = time.hidden = !known;
    if (!known) return;
    bar.style.transform = `scaleX(${Math.min(1, music.position_s / music.length_s).toFixed(3)})`;
    setText(time, `${length(music.position_s)} / ${length(music.length_s)}`);
  });
  return { card, end };
}

/** Show where the music comes from, and let operators choose. Returns the element and what ends it. */
export function sourceChooser(device) {
  const { line, attempt } = trouble();
  const set = element("fieldset", "choice", element("legend", "label", t("What plays")));
  let settled = 0;
  const radios = SOURCES().map(([value, text, help]) => {
    const radio = element("input");
    Object.assign(radio, { type: "radio", name: "source", value, title: help });
    set.append(element("label", "", radio, element("span", "", text)));
    return radio;
  });
  set.addEventListener("change", async (event) => {
    settled = performance.now() + 3000; // the device needs a moment to change over
    if ((await attempt(() => device.ask("PATCH", "/api/device", { play: event.target.value }))) === null) settled = 0;
  });
  const end = device.onStatus(({ music }) => {
    set.disabled = !device.may("operator");
    if (performance.now() < settled) return;
    for (const radio of radios) radio.checked = radio.value === music.source;
  });
  return { chooser: element("div", "", set, line), end };
}
