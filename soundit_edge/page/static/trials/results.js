// What came of a trial: the mood over all of it, the songs by face and by voice, and the scored film.

import { element } from "../dom.js";
import { percent, sense } from "../format.js";
import { t } from "../language.js";

function songs({ sense: name, emotion, songs: found, note }) {
  const what = t(sense(name));
  const head = emotion ? t("{sense}: {emotion}", { sense: what, emotion: t(emotion) }) : what;
  const list = element(
    "ol",
    "",
    ...found.map((song) => {
      const said = song.artist ? t("{title} by {artist}", song) : song.title;
      return element("li", "", said, element("span", "quiet reasons", song.reasons.join("; ")));
    }),
  );
  return element("section", "songs", element("h3", "label", head), note ? element("p", "quiet", t(note)) : list);
}

function link(words, address, name) {
  const made = element("a", "button", words);
  Object.assign(made, { href: address, download: name });
  return made;
}

function film(path, name, result) {
  const seen = element("video");
  Object.assign(seen, { controls: true, preload: "metadata", playsInline: true, src: `${path}/film` });
  seen.setAttribute("aria-label", t("The scored film"));
  const trouble = element("p", "quiet");
  seen.addEventListener("error", () => {
    seen.hidden = true;
    trouble.textContent = t("This browser cannot play this kind of film: download it.");
  });
  const stem = name.replace(/\.[^.]*$/, "");
  const saved = `${stem} (${t("scored")}).${result.film.split(".").at(-1)}`;
  const buttons = element("p", "buttons", link(t("Download the film"), `${path}/film`, saved));
  if (result.plotted) buttons.append(link(t("Download the plot"), `${path}/plot`, `${stem}.png`));
  return element("section", "film", element("h3", "label", t("The film with its music")), seen, trouble, buttons);
}

/**
 * Show a result.
 *
 * @param {HTMLElement} root an empty element
 * @param {string} path of the trial
 * @param {string} name of the file
 * @param {any} result
 */
export function showResult(root, path, name, result) {
  const most = { emotion: t(result.emotion), share: percent(result.shares[result.emotion]) };
  root.append(element("p", "most", t("Mostly {emotion}: {share} of the time", most)));
  const parts = element("div", "parts");
  if (result.film) parts.append(film(path, name, result));
  parts.append(...result.suggestions.map(songs));
  root.append(parts);
  if (result.film_note) root.append(element("p", "quiet", result.film_note));
}
