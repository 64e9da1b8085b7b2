// The folders of the library: which there are, how a scan stands, and where one more may come from.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { button, count, moment, sureButton, trouble } from "./parts.js";

const LOOK_MS = 700; // while a scan runs

export class Folders {
  #timer = null;
  #closed = false;

  /**
   * @param {import("../device.js").Device} device
   * @param {(overview: object) => void} changed called with the library as a whole whenever it may have changed
   */
  constructor(device, changed) {
    Object.assign(this, { device, changed, running: false });
    const { line, attempt } = trouble();
    this.attempt = attempt;
    this.list = element("ul", "folders");
    this.progress = element("progress");
    this.progress.setAttribute("aria-label", t("How far the scan is"));
    this.note = element("p", "quiet");
    this.note.setAttribute("role", "status");
    this.skipped = element("details", "skipped");
    this.stop = button(t("Stop"), () => this.#send("DELETE", "/api/library/scan"));
    this.add = button(t("Add a folder or a USB stick"), () => this.choose());
    this.again = button(t("Scan again"), () => this.#send("POST", "/api/library/scan"));
    this.places = element("div", "places");
    this.root = element("div", "", this.list, this.progress, this.note, line, this.skipped, element("div", "row", this.add, this.again, this.stop), this.places);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Ask how the library is, and go on asking while a scan runs. */
  async refresh() {
    clearTimeout(this.#timer);
    const overview = await this.attempt(() => this.device.ask("GET", "/api/library"));
    if (overview && !this.#closed) this.show(overview);
    if (!overview && !this.#closed && this.running) this.#timer = setTimeout(() => this.refresh(), 4 * LOOK_MS);
  }

  show(overview) {
    const { scan, report } = overview;
    const admin = this.device.may("admin");
    const ended = this.running && scan.state !== "running";
    this.running = scan.state === "running";
    this.list.replaceChildren(...overview.folders.map((folder) => this.#row(folder, admin && !this.running)));
    this.progress.hidden = !this.running;
    if (scan.share === null) this.progress.removeAttribute("value");
    else this.progress.value = scan.share;
    setText(this.note, this.#words(scan, report, overview.missing));
    this.#showSkipped(this.running ? null : report);
    this.add.hidden = !admin || this.running;
    this.again.hidden = !admin || this.running || overview.folders.length === 0;
    this.stop.hidden = !admin || !this.running;
    this.changed(overview, ended);
    if (this.running) this.#timer = setTimeout(() => this.refresh(), LOOK_MS);
  }

  /** Let the user choose a folder: one level at a time, from the places that the device offers. */
  async choose(place = null) {
    const path = place === null ? "/api/library/places" : `/api/library/places?place=${encodeURIComponent(place)}`;
    const here = await this.attempt(() => this.device.ask("GET", path));
    if (here === null) return;
    const rows = here.folders.map((folder) => element("li", "", button(folder.name, () => this.choose(folder.id), "folder")));
    const head = element("p", "label", here.name || t("Where is the music?"));
    const nothing = place === null ? t("There is no music folder and no USB stick here. Plug one in, and look again.") : t("There is no folder in it.");
    const take = button(t("Add “{name}”", { name: here.name }), async () => {
      this.places.replaceChildren();
      await this.#send("POST", "/api/library/folders", { place });
    });
    const files = element("p", "quiet", here.songs === 1 ? t("1 sound file lies in it, and those in its folders.") : t("{count} sound files lie in it, and those in its folders.", { count: count(here.songs) }));
    const back = button(t("Back"), () => this.choose(here.above));
    const look = button(t("Look again"), () => this.choose());
    const end = button(t("Cancel"), () => {
      this.places.replaceChildren();
      this.add.focus();
    });
    const inside = rows.length ? element("ul", "folders", ...rows) : element("p", "quiet", nothing);
    const acts = place === null ? [look, end] : [take, back, end];
    this.places.replaceChildren(head, ...(place === null ? [] : [files]), inside, element("div", "row", ...acts));
    (rows[0]?.firstChild ?? acts[0]).focus();
  }

  async #send(method, path, body = {}) {
    const overview = await this.attempt(() => this.device.ask(method, path, body));
    if (overview) this.show(overview);
  }

  #row(folder, removable) {
    const songs = folder.songs === 1 ? t("1 song") : t("{count} songs", { count: count(folder.songs) });
    const parts = [songs];
    if (folder.missing) parts.push(t("{count} missing", { count: count(folder.missing) }));
    parts.push(folder.there ? folder.scanned_t && t("scanned {when}", { when: moment(folder.scanned_t) }) : t("not there now"));
    const row = element("li", "", element("span", "", folder.name, " "), element("span", "quiet", parts.filter(Boolean).join(" · ")));
    if (removable) {
      row.append(sureButton(t("Remove"), t("Really? What was said of its songs is kept."), () => this.#send("DELETE", `/api/library/folders/${folder.id}`)));
    }
    return row;
  }

  #words(scan, report, missing) {
    if (scan.state === "running") return scan.note || t("Looking for songs…");
    if (scan.state === "failed") return t(scan.note);
    if (scan.state === "cancelled") return t("The scan was stopped. What it found is kept; scan again to go on.");
    if (scan.state === "done" && report) {
      const values = { songs: count(report.new + report.changed + report.moved + report.same), fresh: count(report.new), missing: count(report.missing) };
      return t("The scan is done. Songs: {songs}; new: {fresh}; gone: {missing}.", values);
    }
    return missing ? t("Songs without a file now: {count}. They are known again when it is back.", { count: count(missing) }) : "";
  }

  #showSkipped(report) {
    this.skipped.hidden = !report?.skipped_count;
    if (this.skipped.hidden) return;
    const one = report.skipped_count === 1;
    const head = element("summary", "", one ? t("1 file is no song") : t("{count} files are no songs", { count: count(report.skipped_count) }));
    this.skipped.replaceChildren(head, ...report.skipped.map((reason) => element("p", "quiet", reason)));
  }
}
