// The view "Play": what plays and where it comes from, the library as a list and as a map, its folders and its history.

import { element } from "../dom.js";
import { t } from "../language.js";
import { songCard, sourceChooser } from "../library/card.js";
import { Folders } from "../library/folders.js";
import { history } from "../library/history.js";
import { MoodMap } from "../library/mood_map.js";
import { trouble } from "../library/parts.js";
import { openSong } from "../library/song.js";
import { SongList } from "../library/songs.js";

/**
 * Fill the view.
 *
 * @param {HTMLElement} root
 * @param {import("../device.js").Device} device
 * @returns what ends it
 */
export async function open(root, device) {
  const { line, attempt } = trouble();
  const play = (id) => attempt(() => device.ask("POST", "/api/play/song", { id }));
  const { card, end: endCard } = songCard(device);
  const { chooser, end: endChooser } = sourceChooser(device);
  const map = new MoodMap((id) => (device.may("operator") ? play(id) : null));
  const about = (song) => openSong(device, song, { play, changed });
  const songs = new SongList(device, { play, open: about, focus: (id) => map.mark(id) });
  const heard = history(device);

  async function drawMap() {
    const answer = await attempt(() => device.ask("GET", "/api/library/map"));
    if (answer) map.show(answer.songs);
  }

  function changed(song) {
    songs.update(song);
    drawMap();
  }

  let known = null; // how many songs there were when the map was last asked for
  const folders = new Folders(device, (overview, ended) => {
    const empty = overview.songs + overview.missing === 0;
    first.hidden = !empty;
    browser.hidden = empty;
    if (empty) where.open = true;
    // During a scan the map fills up before one's eyes; the list stays, for somebody may be reading it.
    const grown = Math.abs(overview.songs - (known ?? -1));
    if (known === 0 || ended || grown > (folders.running ? (known ?? 0) / 20 : 0)) {
      drawMap();
      if (!known || ended) songs.refresh();
      known = overview.songs;
    }
  });

  const first = element("p", "first");
  first.hidden = true;
  const browser = element("div", "library", map.root, songs.root);
  const where = details(t("Folders"), folders.root);
  const past = details(t("History"), heard.root);
  past.addEventListener("toggle", () => past.open && heard.load(0));
  root.append(element("div", "playing", card, chooser), line, first, browser, where, past);
  const endRole = device.onRole(() => {
    first.textContent = device.may("admin")
      ? t("Your own music, chosen for the mood of the room: add a folder or a USB stick, and the songs in it are listened to once.")
      : t("There is no music of your own here yet. Who administers this device can add a folder or a USB stick.");
    past.hidden = !device.may("operator");
    known = null;
    folders.refresh();
  });

  return () => {
    for (const end of [endCard, endChooser, endRole]) end();
    for (const part of [map, songs, folders]) part.close();
  };
}

function details(title, content) {
  return element("details", "part", element("summary", "label", title), content);
}
