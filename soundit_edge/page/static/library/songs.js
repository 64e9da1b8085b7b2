// The songs as a list: searched while one types, filtered by mood, a page at a time.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { tint } from "../palette.js";
import { button, count, emotionOptions, length, select, trouble } from "./parts.js";

const PAGE = 50;
const PAUSE_MS = 150; // between the last key and the question

const SORTS = () => [
  ["title", t("by title")],
  ["artist", t("by artist")],
  ["album", t("by album")],
  ["newest", t("newest first")],
  ["tempo", t("slowest first")],
  ["arousal", t("most stirred first")],
  ["valence", t("most pleasant first")],
  ["length", t("shortest first")],
];

export class SongList {
  #question = null; // what is under way
  #timer = null;
  #asked = { search: "", emotion: "", sort: "title" };

  /**
   * @param {import("../device.js").Device} device
   * @param {{play: (id: number) => void, open: (song: object) => void, focus: (id: number) => void}} acts
   */
  constructor(device, acts) {
    Object.assign(this, { device, acts, shown: 0 });
    const search = element("input", "field");
    Object.assign(search, { type: "search", placeholder: t("Title, artist or album"), maxLength: 200 });
    search.setAttribute("aria-label", t("Search the library"));
    search.addEventListener("input", () => this.#ask({ search: search.value }, PAUSE_MS));
    const mood = select(t("Mood"), [["", t("any mood")], ...emotionOptions()], (emotion) => this.#ask({ emotion }));
    const sort = select(t("Order"), SORTS(), (value) => this.#ask({ sort: value }));
    this.found = element("p", "quiet");
    this.found.setAttribute("role", "status");
    this.list = element("ul", "songs");
    this.more = button(t("Show more"), () => this.#load(this.shown));
    const { line, attempt } = trouble();
    this.attempt = attempt;
    this.root = element("div", "browser", element("div", "filters", search, mood, sort), this.found, line, this.list, this.more);
  }

  /** Ask for the first page again. */
  refresh() {
    return this.#load(0);
  }

  /** Show a song as it is now. */
  update(song) {
    const old = this.list.querySelector(`[data-song="${song.id}"]`);
    old?.replaceWith(this.#row(song));
  }

  close() {
    clearTimeout(this.#timer);
    this.#question?.abort();
  }

  #ask(change, pause = 0) {
    Object.assign(this.#asked, change);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(0), pause);
  }

  async #load(offset) {
    this.#question?.abort();
    const question = (this.#question = new AbortController());
    const wanted = Object.entries({ ...this.#asked, offset, limit: PAGE }).filter(([, value]) => value !== "");
    const path = `/api/library/songs?${new URLSearchParams(wanted)}`;
    const answer = await this.attempt(() => this.device.ask("GET", path, undefined, { signal: question.signal }));
    if (answer === null || question.signal.aborted) return;
    const rows = answer.songs.map((song) => this.#row(song));
    if (offset === 0) this.list.replaceChildren(...rows);
    else this.list.append(...rows);
    this.shown = offset + rows.length;
    this.more.hidden = this.shown >= answer.total;
    setText(this.found, answer.total === 1 ? t("1 song") : t("{count} songs", { count: count(answer.total) }));
  }

  #row(song) {
    const name = element("span", "name", element("span", "", song.title), element("span", "quiet", song.artist));
    const dot = element("span", "dot");
    dot.title = t(song.emotion);
    tint(dot, song.emotion);
    const play = button("", () => this.acts.play(song.id), "song");
    play.append(dot, name, element("span", "quiet figures", [song.tempo && count(song.tempo), length(song.length_s)].filter(Boolean).join(" · ")));
    play.disabled = song.missing || !this.device.may("operator");
    if (song.missing) play.title = t("Its file is not there now.");
    play.addEventListener("focus", () => this.acts.focus(song.id));
    const about = button("…", () => this.acts.open(song), "about");
    about.setAttribute("aria-label", t("About {title}", { title: song.title }));
    const row = element("li", song.missing ? "missing" : "", play, about);
    row.dataset.song = song.id;
    return row;
  }
}
