// What the views of teaching share: a button, and how good a head is in words.

import { element } from "../dom.js";
import { t } from "../language.js";

export const percent = (share) => new Intl.NumberFormat(undefined, { style: "percent" }).format(share);

/** Say how good a head is, in plain words. */
export function goodness(report) {
  return t("{right} of {takes} takes that it had not seen were right ({share}). Of many more it would be {low} to {high}.", {
    right: report.right, takes: report.takes, share: percent(report.right / report.takes),
    low: percent(report.low), high: percent(report.high),
  });
}

/** A button that does something, and is pressed once at a time. */
export function button(text, act) {
  const made = element("button", "button", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}
