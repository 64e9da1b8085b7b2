// The mood map: every song where it lies on the plane of valence and arousal, in the colour of the emotion it is nearest
// to. Drawn on a canvas: a library may have ten thousand songs.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { EMOTIONS, TONES } from "../palette.js";
import { nearest } from "./parts.js";

const REACH = 1.32; // units of the plane from its middle to the edge of the drawing
const RING = 1.18;
const NEAR_PX = 22; // a song this near to the pointer is meant
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class MoodMap {
  /** @param {(id: number) => void} choose called with the song that is clicked, or chosen by Enter */
  constructor(choose) {
    this.canvas = element("canvas", "map");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.title = element("p", "map-title");
    this.title.setAttribute("role", "status");
    this.root = element("figure", "mood-map", this.canvas, this.title);
    this.songs = [];
    this.held = null; // the song that is pointed at
    this.canvas.addEventListener("pointermove", (event) => this.hold(this.at(event)));
    this.canvas.addEventListener("pointerleave", () => this.hold(null));
    this.canvas.addEventListener("click", (event) => {
      const song = this.at(event);
      this.hold(song);
      if (song) choose(song.id);
    });
    this.canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.held) choose(this.held.id);
      if (!(event.key in KEYS)) return;
      event.preventDefault();
      this.move(KEYS[event.key]);
    });
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.redraw = () => this.draw();
    this.dark.addEventListener("change", this.redraw);
    this.watch = new ResizeObserver(this.redraw);
    this.watch.observe(this.canvas);
  }

  close() {
    this.watch.disconnect();
    this.dark.removeEventListener("change", this.redraw);
  }

  /** Show songs, as [id, valence, arousal, title] in hundredths. */
  show(rows) {
    this.songs = rows.map(([id, valence, arousal, title]) => {
      const [v, a] = [valence / 100, arousal / 100];
      return { id, v, a, title, emotion: nearest(v, a) };
    });
    const label = t("{count} songs on the plane from unpleasant to pleasant, and from still to stirred", { count: rows.length });
    this.canvas.setAttribute("aria-label", label);
    this.held = null;
    this.draw();
  }

  /** Mark the song with this id, such as the one that has the focus in the list. */
  mark(id) {
    this.hold(this.songs.find((song) => song.id === id) ?? null);
  }

  hold(song) {
    if (song === this.held) return;
    this.held = song;
    this.canvas.style.cursor = song ? "pointer" : "";
    setText(this.title, song?.title ?? "");
    this.draw();
  }

  /** Go from the song that is held to the next one in a direction. */
  move([across, up]) {
    const from = this.held ?? { v: 0, a: 0 };
    const costs = (song) => {
      const [dv, da] = [song.v - from.v, song.a - from.a];
      const along = dv * across + da * up;
      return along > 1e-6 ? along + 3 * Math.abs(dv * up - da * across) : Infinity;
    };
    let [best, least] = [null, Infinity];
    for (const song of this.songs) {
      const cost = costs(song);
      if (cost < least) [best, least] = [song, cost];
    }
    if (best) this.hold(best);
  }

  at(event) {
    const unit = this.canvas.clientWidth / (2 * REACH);
    const [x, y] = [event.offsetX / unit - REACH, REACH - event.offsetY / unit];
    let [found, least] = [null, (NEAR_PX / unit) ** 2];
    for (const song of this.songs) {
      const far = (song.v - x) ** 2 + (song.a - y) ** 2;
      if (far < least) [found, least] = [song, far];
    }
    return found;
  }

  draw() {
    const size = this.canvas.clientWidth;
    if (!size) return;
    const sharp = devicePixelRatio || 1;
    this.canvas.width = this.canvas.height = Math.round(size * sharp);
    const unit = (size * sharp) / (2 * REACH);
    const pen = this.canvas.getContext("2d");
    const style = getComputedStyle(this.canvas);
    const ink = (name) => style.getPropertyValue(name);
    pen.translate(size * sharp * 0.5, size * sharp * 0.5);
    pen.lineWidth = sharp;
    pen.strokeStyle = ink("--line");
    pen.beginPath();
    pen.arc(0, 0, RING * unit, 0, 7);
    pen.moveTo(-RING * unit, 0);
    pen.lineTo(RING * unit, 0);
    pen.moveTo(0, -RING * unit);
    pen.lineTo(0, RING * unit);
    pen.stroke();
    const radius = sharp * Math.max(2, Math.min(6, 60 / Math.sqrt(this.songs.length || 1)));
    const light = this.dark.matches ? 0.76 : 0.58;
    for (const emotion of EMOTIONS) {
      pen.fillStyle = `oklch(${light} ${0.15 * TONES[emotion].chroma} ${TONES[emotion].hue})`;
      pen.beginPath();
      for (const song of this.songs) {
        if (song.emotion !== emotion) continue;
        pen.moveTo(song.v * unit + radius, -song.a * unit);
        pen.arc(song.v * unit, -song.a * unit, radius, 0, 7);
      }
      pen.fill();
    }
    pen.font = `${12 * sharp}px ${style.fontFamily}`;
    pen.textAlign = "center";
    pen.fillStyle = ink("--ink");
    pen.strokeStyle = ink("--paper");
    pen.lineWidth = 3 * sharp;
    pen.lineJoin = "round";
    for (const emotion of EMOTIONS) {
      const place = [t(emotion), TONES[emotion].valence * unit, -TONES[emotion].arousal * unit - 8 * sharp];
      pen.strokeText(...place); // so that it can be read on the songs
      pen.fillText(...place);
    }
    if (!this.held) return;
    pen.strokeStyle = ink("--ink");
    pen.lineWidth = 2 * sharp;
    pen.beginPath();
    pen.arc(this.held.v * unit, -this.held.a * unit, radius + 5 * sharp, 0, 7);
    pen.stroke();
  }
}
