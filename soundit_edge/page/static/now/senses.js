// The senses: what each one reads and how much that counts, one line for all that read nothing, and a switch for each.

import { element, setText } from "../dom.js";
import { details, emotion, list, percent, sense, speed } from "../format.js";
import { t } from "../language.js";
import { tint } from "../palette.js";
import { Sender } from "../requests.js";
import { bar, fillBar, keyed } from "../widgets.js";

const reads = (s) => s.state === "reading" && s.emotion !== null;
const speaks = (s) => reads(s) || s.state === "failing";

/** What a sense says, such as "happy, 81 % sure". */
function say(s) {
  if (s.state === "failing") return t("out of order, and tried again");
  return t("{emotion}, {share} sure", { emotion: emotion(s.emotion), share: percent(s.confidence) });
}

function makeRow(entry) {
  const { filled, groove } = bar();
  groove.classList.add("trust");
  groove.setAttribute("aria-hidden", "true");
  const [what, about, fast] = [element("span"), element("span"), element("span", "how figures")];
  const row = element("li", "", element("span", "", sense(entry.name)), what, element("span", "how", groove, about), fast);
  return { row, filled, groove, what, about, fast };
}

export class Senses {
  /**
   * @param {HTMLUListElement} rows of those that say something
   * @param {HTMLElement} others the line for the others
   * @param {HTMLFieldSetElement} switches
   * @param {HTMLElement} alert where failures are shown
   */
  constructor(rows, others, switches, alert) {
    Object.assign(this, { others, switches });
    this.update = keyed(rows, makeRow);
    this.updateSwitches = keyed(switches, (entry) => {
      const box = element("input");
      Object.assign(box, { type: "checkbox", name: entry.name });
      box.className = "switch";
      box.setAttribute("role", "switch");
      return { box, row: element("label", "switched", box, element("span", "", sense(entry.name))) };
    });
    this.sender = new Sender("PATCH", "/api/device", alert);
    this.asked = {}; // what was switched and not yet sent
    switches.addEventListener("change", ({ target }) => this.switch(target.name, target.checked));
  }

  switch(name, on) {
    if (this.sender.idle) this.asked = {};
    this.asked[name] = on;
    this.sender.send({ senses: { ...this.asked } });
  }

  enable(enabled) {
    this.switches.disabled = !enabled;
  }

  show(entries) {
    const speaking = entries.filter(speaks);
    const rows = this.update(speaking, (s) => s.name);
    speaking.forEach((s, i) => this.write(rows[i], s));
    const named = (state) => list(entries.filter((s) => !speaks(s) && (s.state === "off") === (state === "off")).map((s) => sense(s.name)));
    const [silent, off] = [named("quiet"), named("off")];
    setText(
      this.others,
      [silent && t("{senses}: nothing to read", { senses: silent }), off && t("{senses}: switched off", { senses: off })].filter(Boolean).join(". "),
    );
    const boxes = this.updateSwitches(entries, (s) => s.name);
    if (!this.sender.idle) return;
    entries.forEach((s, i) => (boxes[i].box.checked = s.state !== "off"));
  }

  write({ filled, groove, what, about, fast }, s) {
    setText(what, say(s));
    setText(fast, speed(s));
    groove.hidden = !reads(s);
    if (!reads(s)) {
      setText(about, s.failure);
      return;
    }
    setText(about, [t("counts {share}", { share: percent(s.trust) }), details(s)].filter(Boolean).join(" \u00b7 "));
    fillBar(filled, s.trust);
    tint(groove, s.emotion);
  }
}
