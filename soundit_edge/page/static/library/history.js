// What was heard: to look at, to take along, and to erase.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { button, count, moment, sureButton, trouble } from "./parts.js";

const PAGE = 30;

const WORDS = () => ({
  played: t("began"),
  finished: t("heard to its end"),
  skipped: t("skipped"),
  left: t("left, for the mood had moved"),
  replayed: t("played again"),
  liked: t("liked"),
  disliked: t("not liked"),
  downloaded: t("taken along"),
});

export function history(device) {
  const words = WORDS();
  const { line, attempt } = trouble();
  const found = element("p", "quiet");
  found.setAttribute("role", "status");
  const list = element("ol", "events");
  const more = button(t("Show more"), () => load(list.children.length));
  const csv = element("a", "button", t("Export as CSV"));
  csv.href = "/api/library/history.csv";
  csv.download = "soundit-history.csv";
  const erase = sureButton(t("Erase"), t("Erase all of it, and what was learnt of your taste?"), async () => {
    const erased = await attempt(() => device.ask("DELETE", "/api/library/history", {}));
    if (erased === null) return;
    await load(0);
    setText(found, t("What was heard is erased (entries: {count}), and what was learnt of your taste with it.", { count: count(erased.entries) }));
  });

  async function load(offset) {
    const answer = await attempt(() => device.ask("GET", `/api/library/history?offset=${offset}&limit=${PAGE}`));
    if (answer === null) return;
    const rows = answer.events.map((event) =>
      element(
        "li",
        "",
        element("time", "quiet", moment(event.t)),
        element("span", "", [event.title, event.artist].filter(Boolean).join(" · ") || t("a song that is gone")),
        element("span", "quiet", `${words[event.event] ?? event.event} · ${t(event.emotion)}`),
      ),
    );
    if (offset === 0) list.replaceChildren(...rows);
    else list.append(...rows);
    more.hidden = list.children.length >= answer.total;
    csv.hidden = answer.total === 0;
    erase.hidden = answer.total === 0 || !device.may("admin");
    setText(found, answer.total ? t("Entries: {count}", { count: count(answer.total) }) : t("Nothing was heard from the library yet."));
  }

  return { root: element("div", "", found, line, list, element("div", "row", more, csv, erase)), load };
}
