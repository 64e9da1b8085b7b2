// Small parts that the views of the library share.

import { element } from "../dom.js";
import { t } from "../language.js";
import { EMOTIONS, TONES } from "../palette.js";

const whole = new Intl.NumberFormat();
const day = new Intl.DateTimeFormat([], { dateStyle: "medium", timeStyle: "short" });

/** Say a whole number. */
export const count = (number) => whole.format(Math.round(number));

/** Say a moment, given in seconds since 1970. */
export const moment = (seconds) => day.format(new Date(1000 * seconds));

/** Say a length, such as "3:05". */
export function length(seconds) {
  const rounded = Math.max(0, Math.round(seconds));
  return `${Math.floor(rounded / 60)}:${String(rounded % 60).padStart(2, "0")}`;
}

/** Return the emotion whose place in the plane is nearest. */
export function nearest(valence, arousal) {
  const far = (emotion) => (TONES[emotion].valence - valence) ** 2 + (TONES[emotion].arousal - arousal) ** 2;
  return EMOTIONS.reduce((best, emotion) => (far(emotion) < far(best) ? emotion : best));
}

export function button(text, act, className = "button") {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** A button that asks once more before it acts. */
export function sureButton(text, question, act) {
  let timer = null;
  const calm = () => {
    clearTimeout(timer);
    timer = null;
    made.textContent = text;
  };
  const made = button(text, () => {
    if (timer === null) {
      made.textContent = question;
      timer = setTimeout(calm, 6000);
    } else {
      calm();
      act();
    }
  });
  made.addEventListener("blur", calm);
  return made;
}

/** A box to choose one of [value, text]. */
export function select(label, options, act) {
  const box = element("select", "field");
  box.setAttribute("aria-label", label);
  box.append(...options.map(([value, text]) => new Option(text, value)));
  box.addEventListener("change", () => act(box.value));
  return box;
}

/** A line for what went wrong, and what runs a request and says so there. */
export function trouble() {
  const line = element("p", "trouble");
  line.setAttribute("role", "alert");
  const attempt = async (work) => {
    line.textContent = "";
    try {
      return await work();
    } catch (error) {
      if (error.name === "AbortError") return null;
      line.textContent = error.message;
      return null;
    }
  };
  return { line, attempt };
}

export const emotionOptions = () => EMOTIONS.map((emotion) => [emotion, t(emotion)]);
