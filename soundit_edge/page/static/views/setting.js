// One setting: a control made from its JSON schema, which says what people need to know and what they can choose.

import { element } from "../dom.js";
import { percent } from "../format.js";
import { t } from "../language.js";
import { cameraPicker, microphonePicker, speakerPicker } from "./devices.js";

/**
 * A control: its element, what is chosen, and how another value is shown.
 *
 * @typedef {{root: HTMLElement, input: HTMLElement, value: (() => unknown) | null, show: (value: unknown) => void}}
 * Control whose value is null where it changes the setting itself
 */

/**
 * Make the control of a setting. It sends a "change" event once something is chosen.
 *
 * @param {{about: object, secret: boolean, value: unknown}} setting as the device describes it
 * @returns {Control}
 */
export function control(setting) {
  const { about } = setting;
  if (setting.secret) return secret(setting);
  if (about.enum) return choice(about);
  if (about.type === "boolean") return toggle();
  if (about.type === "number" && about.minimum === 0 && about.maximum === 1 && about.default !== null) return share();
  if (about.type === "number" || about.type === "integer") return number(about);
  if (about.type === "object") return pairs();
  if (about.type === "array") return lines();
  return text(about);
}

/**
 * Give the controls that were made by hand, by the names of their settings: they change the setting themselves, and
 * show what the camera sees, what the microphone hears, and a test tone.
 *
 * @returns {Record<string, (device: import("../device.js").Device) => Control>}
 */
export function pickers() {
  const own = (make) => (device) => {
    const root = make(device);
    return { root, input: root.querySelector("select"), value: null, show: () => {} };
  };
  return {
    "device.camera": own(cameraPicker),
    "device.microphone": own(microphonePicker),
    "device.speaker": own(speakerPicker),
  };
}

/** Say what a number can be, such as "0.2 to 6 s". */
export function limits({ minimum, maximum, unit = "" }) {
  if (minimum === undefined || maximum === undefined) return unit;
  return t("{low} to {high} {unit}", { low: number_(minimum), high: number_(maximum), unit }).trim();
}

const number_ = (value) => value.toLocaleString(document.documentElement.lang);

function toggle() {
  const input = element("input", "switch");
  input.type = "checkbox";
  input.setAttribute("role", "switch");
  return { root: input, input, value: () => input.checked, show: (value) => (input.checked = value) };
}

function choice(about) {
  const input = element("select");
  for (const value of about.enum) input.append(new Option(t(value), value));
  return { root: input, input, value: () => input.value, show: (value) => (input.value = value) };
}

function number(about) {
  const input = element("input");
  const whole = about.type === "integer";
  Object.assign(input, { type: "number", step: whole ? 1 : "any", placeholder: about.default === null ? t("not set") : "" });
  if (about.minimum !== undefined) input.min = about.minimum;
  if (about.maximum !== undefined) input.max = about.maximum;
  const root = element("span", "number", input);
  const said = limits(about);
  if (said) root.append(element("span", "quiet", said));
  const read = () => (input.value === "" ? null : Number(input.value));
  return { root, input, value: read, show: (value) => (input.value = value ?? "") };
}

function share() {
  const input = element("input", "slider");
  Object.assign(input, { type: "range", min: 0, max: 100, step: 1 });
  const figure = element("output", "amount");
  const paint = () => {
    input.style.setProperty("--at", input.value);
    figure.textContent = percent(input.value / 100);
    input.setAttribute("aria-valuetext", figure.textContent);
  };
  input.addEventListener("input", paint);
  const show = (value) => {
    input.value = Math.round(100 * value);
    paint();
  };
  return { root: element("span", "sliding", input, figure), input, value: () => input.value / 100, show };
}

function text(about) {
  const input = element("input");
  Object.assign(input, { type: "text", spellcheck: false, autocomplete: "off", readOnly: about.readOnly === true });
  if (about.maxLength) input.maxLength = about.maxLength;
  if (about.pattern) input.pattern = about.pattern;
  input.required = (about.minLength ?? 0) > 0;
  return { root: input, input, value: () => input.value, show: (value) => (input.value = value) };
}

function secret(setting) {
  const input = element("input");
  Object.assign(input, { type: "password", autocomplete: "new-password" });
  input.placeholder = t(setting.is_set ? "set, and not shown" : "not set");
  return { root: input, input, value: () => input.value, show: () => (input.value = "") };
}

/** Several words, one a line. */
function lines(placeholder = "") {
  const input = element("textarea");
  Object.assign(input, { rows: 3, spellcheck: false, placeholder });
  const value = () => input.value.split("\n").map((line) => line.trim()).filter(Boolean);
  return { root: input, input, value, show: (list) => (input.value = list.join("\n")) };
}

/** Names and values, one pair a line. */
function pairs() {
  const made = lines("name = value");
  const pair = (line) => [line.split("=")[0].trim(), line.split("=").slice(1).join("=").trim()];
  const show = (value) => made.show(Object.entries(value).map((one) => one.join(" = ")));
  return { ...made, value: () => Object.fromEntries(made.value().map(pair)), show };
}
