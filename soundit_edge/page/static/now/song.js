// The card of what plays: picture, title, artist, how far it is, and the buttons that stop, mute and leave it.

import { element, setText } from "../dom.js";
import { position } from "../format.js";
import { t } from "../language.js";
import { Sender } from "../requests.js";
import { icon } from "./icons.js";

const SOURCES = {
  theme: t("A theme of its own, bent to the mood"),
  compose: t("Composed for this moment"),
  library: t("From your library"),
  tracks: t("A track of yours"),
};

/** A button with a picture that switches one thing: what it is called says what pressing it does. */
class Toggle {
  /**
   * @param {HTMLButtonElement} button
   * @param {string} name of what it switches, in a change of the device
   * @param {[string, string][]} faces picture and name while it is off, and while it is on
   * @param {HTMLElement} alert where failures are shown
   */
  constructor(button, name, faces, alert) {
    Object.assign(this, { button, faces, on: null });
    this.sender = new Sender("PATCH", "/api/device", alert);
    button.addEventListener("click", () => {
      this.paint(!this.on);
      this.sender.send({ [name]: this.on });
    });
  }

  /** Show whether it is on; undefined: this device has no such switch. */
  show(on) {
    this.button.hidden = on === undefined;
    if (on !== undefined && this.sender.idle) this.paint(on);
  }

  paint(on) {
    if (on === this.on) return;
    this.on = on;
    const [picture, name] = this.faces[Number(on)];
    this.button.replaceChildren(icon(picture));
    this.button.ariaLabel = this.button.title = name;
  }
}

export class Song {
  /** @param {Record<"art"|"title"|"artist"|"position"|"elapsed"|"pause"|"mute", HTMLElement>} parts and HTMLElement alert */
  constructor(parts, alert) {
    this.parts = parts;
    this.pause = new Toggle(parts.pause, "paused", [["pause", t("Pause")], ["play", t("Play")]], alert);
    this.mute = new Toggle(parts.mute, "muted", [["sound", t("Mute")], ["muted", t("Unmute")]], alert);
    this.art = undefined; // that is shown
  }

  enable(enabled) {
    for (const { button } of [this.pause, this.mute]) button.disabled = !enabled;
  }

  show(music) {
    const { title, artist } = this.parts;
    setText(title, music.title);
    const who = [music.artist, music.album].filter(Boolean).join(" \u2013 ");
    setText(artist, [music.paused && t("Paused"), music.muted && t("Muted"), who || SOURCES[music.source]].filter(Boolean).join(" \u00b7 "));
    this.pause.show(music.paused);
    this.mute.show(music.muted);
    this.showArt(music.art ?? null);
    this.showPosition(music.position_s ?? null, music.length_s ?? null);
  }

  showArt(path) {
    if (path === this.art) return;
    this.art = path;
    const note = () => this.parts.art.replaceChildren(icon("note"));
    if (path === null) {
      note();
      return;
    }
    const picture = element("img");
    picture.alt = "";
    picture.addEventListener("error", note);
    picture.src = path;
    this.parts.art.replaceChildren(picture);
  }

  showPosition(now, length) {
    const { position: bar, elapsed } = this.parts;
    bar.hidden = now === null || !length;
    setText(elapsed, bar.hidden ? "" : t("{now} of {length}", { now: position(now), length: position(length) }));
    if (!bar.hidden) bar.firstElementChild.style.transform = `scaleX(${Math.min(1, now / length).toFixed(3)})`;
  }
}
