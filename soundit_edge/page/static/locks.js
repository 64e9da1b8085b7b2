// Every parameter of the music with its lock: a meter while the mood moves it, a slider once it is locked.

import { element, setText } from "./dom.js";
import { t } from "./language.js";
import { PARAMETERS } from "./parameters.js";
import { Sender } from "./requests.js";
import { padlock } from "./widgets.js";

export class Locks {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {HTMLButtonElement} opener
   */
  constructor(dialog, opener) {
    this.dialog = dialog;
    this.music = null;
    this.set = dialog.querySelector("fieldset");
    this.none = dialog.querySelector(".unlock");
    this.sender = new Sender("PATCH", "/api/locks", dialog.querySelector("[role=alert]"));
    this.rows = PARAMETERS.map((parameter) => this.make(parameter));
    dialog.querySelector("ul").replaceChildren(...this.rows.map((row) => row.item));
    opener.addEventListener("click", () => {
      dialog.showModal();
      this.draw();
    });
    dialog.querySelector(".close").addEventListener("click", () => dialog.close());
    // A click beside it closes it: the backdrop is the dialog's own.
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    this.none.addEventListener("click", () => this.unlockAll());
  }

  make(parameter) {
    const name = element("span", "", parameter.title);
    name.title = parameter.help;
    name.setAttribute("aria-hidden", "true"); // the slider says it
    const figure = element("span", "lock-now");
    figure.setAttribute("aria-hidden", "true");
    const slider = element("input", "slider");
    Object.assign(slider, { type: "range", min: 0, max: parameter.steps, step: 1, disabled: true });
    slider.setAttribute("aria-label", parameter.title);
    const button = element("button", "lock", padlock());
    button.type = "button";
    button.setAttribute("aria-label", t("Lock {parameter}", { parameter: parameter.title }));
    const row = { parameter, figure, slider, button, item: element("li", "", name, slider, figure, button) };
    slider.addEventListener("input", () => this.change(row, parameter.value(slider.value / parameter.steps)));
    button.addEventListener("click", () => this.toggle(row));
    return row;
  }

  toggle(row) {
    const { name, unit, low, high, steps } = row.parameter;
    if (row.button.getAttribute("aria-pressed") === "true") {
      this.change(row, null);
      return;
    }
    // At the present value; a key is a whole number of semitones.
    const now = this.music[name];
    this.change(row, unit === "semitones" ? Math.round(now) : Math.min(high, Math.max(low, now)));
    row.slider.value = Math.round(row.parameter.at(now) * steps);
  }

  /** Lock a parameter at a value, or unlock it by null, and show that at once. */
  change(row, value) {
    this.sender.send({ [row.parameter.name]: value });
    this.paint(row, value !== null, value ?? this.music[row.parameter.name]);
  }

  unlockAll() {
    for (const row of this.rows.filter((one) => one.button.getAttribute("aria-pressed") === "true")) this.change(row, null);
    this.dialog.querySelector(".close").focus();
  }

  enable(enabled) {
    this.set.disabled = !enabled;
  }

  /** Show the music as the device has it. */
  show(music) {
    this.music = music;
    if (this.dialog.open && this.sender.idle) this.draw();
  }

  draw() {
    for (const row of this.rows) {
      const { name, at, steps } = row.parameter;
      const locked = name in this.music.locks;
      const value = locked ? this.music.locks[name] : this.music[name];
      const place = String(Math.round(Math.min(1, Math.max(0, at(value))) * steps));
      if (row.slider.value !== place) row.slider.value = place;
      this.paint(row, locked, value);
    }
  }

  paint({ parameter, slider, figure, button, item }, locked, value) {
    slider.style.setProperty("--at", ((100 * slider.value) / parameter.steps).toFixed(0));
    if (slider.disabled === locked) slider.disabled = !locked;
    setText(figure, parameter.figure(value));
    if (slider.getAttribute("aria-valuetext") !== figure.textContent) slider.setAttribute("aria-valuetext", figure.textContent);
    if (button.getAttribute("aria-pressed") !== String(locked)) button.setAttribute("aria-pressed", String(locked));
    item.classList.toggle("locked", locked);
    this.none.hidden = !this.rows.some((row) => row.button.getAttribute("aria-pressed") === "true");
  }
}
