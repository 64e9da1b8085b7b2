// One song in a sheet of its own: what is known of it, what it is worth, and what is wrong about its mood or its tempo.

import { element } from "../dom.js";
import { t } from "../language.js";
import { button, count, emotionOptions, length, select, trouble } from "./parts.js";

const TEMPI = { min: 30, max: 300 };

/**
 * Show a song.
 *
 * @param {import("../device.js").Device} device
 * @param {object} song
 * @param {{play: (id: number) => void, changed: (song: object) => void}} acts
 */
export function openSong(device, song, acts) {
  const sheet = element("dialog", "song-sheet");
  sheet.setAttribute("aria-label", song.title);
  const { line, attempt } = trouble();
  const body = element("div");
  const change = async (method, path, what) => {
    const answer = await attempt(() => device.ask(method, `/api/library/songs/${song.id}${path}`, what));
    if (answer === null) return;
    show(answer);
    acts.changed(answer);
  };
  const correct = (what) => change("PATCH", "", what);

  function show(now) {
    const may = device.may("operator");
    const rate = (rating, text) => {
      const made = button(text, () => change("PUT", "/rating", { rating }));
      made.setAttribute("aria-pressed", String(now.rating === rating));
      return made;
    };
    const play = button(t("Play it"), () => acts.play(now.id));
    play.disabled = now.missing;
    const figures = [
      length(now.length_s),
      now.tempo === null ? t("no clear beat") : t("{tempo} beats a minute", { tempo: count(now.tempo) }),
      now.key,
    ];
    body.replaceChildren(
      element("p", "quiet", [now.artist, now.album].filter(Boolean).join(" · ")),
      element("p", "", figures.filter(Boolean).join(" · ")),
      ...(now.missing ? [element("p", "note", t("Its file is not there now; it is known again when it is back."))] : []),
      ...(may ? [element("div", "row", play, rate("liked", t("Like")), rate("disliked", t("Not for me"))), mood(now), tempo(now)] : [said(now)]),
    );
  }

  const said = (now) => element("p", "", t("It feels {mood}.", { mood: t(now.emotion) }));

  function mood(now) {
    const byHand = now.corrected.includes("mood");
    const box = select(t("It feels"), emotionOptions(), (emotion) => correct({ mood: { emotion } }));
    box.value = now.emotion;
    const axes = [
      ["valence", t("Unpleasant to pleasant")],
      ["arousal", t("Still to stirred")],
    ].map(([axis, text]) => {
      const slider = element("input", "slider");
      Object.assign(slider, { type: "range", min: -1, max: 1, step: 0.05, value: now[axis] });
      slider.style.setProperty("--at", 50 + 50 * now[axis]);
      slider.dataset.axis = axis;
      slider.addEventListener("input", () => slider.style.setProperty("--at", 50 + 50 * slider.value));
      slider.addEventListener("change", () => {
        const values = axes.map((label) => Number(label.querySelector("input").value));
        correct({ mood: { valence: values[0], arousal: values[1] } });
      });
      return element("label", "axis-slider", element("span", "label", text), slider);
    });
    const undo = button(t("As it was found"), () => correct({ mood: null }));
    undo.hidden = !byHand;
    const state = byHand ? t("You corrected this by hand.") : t("Is that wrong? Say what is right.");
    return section(t("Mood"), element("div", "row", box, undo), element("p", "quiet", state), ...axes);
  }

  function tempo(now) {
    const number = element("input", "field");
    Object.assign(number, { type: "number", step: "any", ...TEMPI, value: now.tempo ?? "" });
    number.setAttribute("aria-label", t("Beats a minute"));
    const set = button(t("Set"), () => {
      if (number.value && number.reportValidity()) correct({ tempo: Number(number.value) });
    });
    const undo = button(t("As it was found"), () => correct({ tempo: null }));
    undo.hidden = !now.corrected.includes("tempo");
    const half = button(t("Half as fast"), () => correct({ tempo: "half" }));
    const double = button(t("Twice as fast"), () => correct({ tempo: "double" }));
    half.disabled = double.disabled = now.tempo === null;
    const note = element("p", "quiet", t("It counts from the next time that the song is loaded."));
    return section(t("Tempo"), element("div", "row", half, double, number, set, undo), note);
  }

  const close = button(t("Done"), () => sheet.close());
  sheet.append(element("div", "head", element("h2", "", song.title), close), line, body);
  sheet.addEventListener("close", () => sheet.remove());
  show(song);
  document.querySelector("#view > section").append(sheet);
  sheet.showModal();
}

function section(title, ...children) {
  return element("section", "", element("h3", "label", title), ...children);
}
