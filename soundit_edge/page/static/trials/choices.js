// What a visitor chooses: a file, by dropping it or otherwise, the senses that read it, and the music of a film.

import { element } from "../dom.js";
import { sense } from "../format.js";
import { t } from "../language.js";
import { VOCABULARY } from "../vocabulary.js";

const MUSIC = {
  compose: () => t("Composed for it"),
  morph: () => t("The theme, bent to it"),
  library: () => t("Songs of your library"),
};

/** Make a button that does something. */
export function button(words, act) {
  const made = element("button", "button", words);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** A row of things to choose from: `type` is "checkbox" or "radio". */
function chips(legend, type, options, chosen) {
  const name = `try-${legend}`;
  const inputs = options.map(({ value, words, help = "" }) => {
    const input = element("input");
    Object.assign(input, { type, name, value, title: help, checked: chosen.includes(value) });
    return { input, label: element("label", "", input, element("span", "", words)) };
  });
  const set = element("fieldset", "choice chips", element("legend", "label", legend), ...inputs.map((one) => one.label));
  return { set, value: () => inputs.filter((one) => one.input.checked).map((one) => one.input.value).join(",") };
}

/** The senses, the music and how far it goes: `rows` to show, and what is chosen of each by `values()`. */
export function choices() {
  const names = Object.keys(VOCABULARY.senses);
  const senses = names.map((value) => ({ value, words: t(sense(value)) }));
  const music = Object.entries(MUSIC).map(([value, words]) => ({ value, words: words() }));
  const presets = VOCABULARY.choices.preset.map(({ name, title, help }) => ({ value: name, words: t(title), help: t(help) }));
  const rows = {
    senses: chips(t("Read by"), "checkbox", senses, names),
    music: chips(t("Music for a film"), "radio", music, ["compose"]),
    preset: chips(t("How far it goes"), "radio", presets, [presets[0].value]),
  };
  const values = () => Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row.value()]));
  return { rows: Object.values(rows).map((row) => row.set), values };
}

/**
 * Make the place where a file is dropped, with buttons for those who do not drag.
 *
 * @param {(file: File) => Promise<void>} take is given the file
 * @param {(what: "picture" | "film") => void} record opens the camera
 */
export function dropZone(take, record) {
  const input = element("input", "unseen");
  Object.assign(input, { type: "file", accept: "video/*,audio/*,image/*", tabIndex: -1 });
  input.setAttribute("aria-hidden", "true");
  input.addEventListener("change", () => take(input.files[0]).then(() => (input.value = "")));
  const buttons = element(
    "p",
    "buttons",
    button(t("Choose a file"), () => input.click()),
    button(t("Take a picture"), () => record("picture")),
    button(t("Record ten seconds"), () => record("film")),
  );
  const zone = element("div", "zone", element("p", "", t("Drop a file here, or")), buttons, input);
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
      if (name === "drop") take(event.dataTransfer.files[0]);
    });
  }
  return zone;
}
