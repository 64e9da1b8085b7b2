// The view for a wall: what is felt and why the music changed, to be read from across the room, and nothing to press.

import { keepAwake } from "../awake.js";
import { element, setText, svgElement } from "../dom.js";
import { since, unbroken } from "../format.js";
import { t } from "../language.js";
import { Headline } from "../now/headline.js";

export function open(root, device) {
  const parts = {
    lead: element("p", "lead"),
    letters: svgElement("svg", { class: "letters", "aria-hidden": "true" }),
    waver: svgElement("svg", { class: "letters waver", "aria-hidden": "true" }),
    name: element("span", "unseen"),
    sure: element("p", "sure"),
  };
  const when = element("time");
  const reason = element("p", "reason");
  const song = element("p", "plays");
  root.append(
    parts.lead,
    element("h1", "", parts.letters, parts.waver, parts.name),
    parts.sure,
    element("div", "because", element("p", "lead", `${t("Why the music changed")} `, when), reason),
    song,
  );
  const headline = new Headline(parts);
  const awake = keepAwake();
  const end = device.onStatus((status) => {
    const { music, t: now } = status;
    headline.show(status);
    setText(reason, unbroken(t(music.reason)));
    setText(when, music.reasons.length ? since(now - music.reasons[0].t) : "");
    setText(song, [music.title, music.artist].filter(Boolean).join(" \u2013 "));
  });
  return () => {
    end();
    awake.abort();
  };
}
