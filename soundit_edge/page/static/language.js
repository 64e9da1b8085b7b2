// The page's words in the reader's language. English is written where it is used, and is the key of the other tables.

import { Sentences } from "./sentences.js";
import { VOCABULARY } from "./vocabulary.js";

const KEY = "soundit language"; // of what the reader has chosen
const TABLES = VOCABULARY.languages;

const base = (tag) => tag.slice(0, 2).toLowerCase();
const known = (tag) => tag === "en" || Object.hasOwn(TABLES, tag);

/** Read what the reader has chosen; null where nothing is, or where this browser stores nothing for us. */
function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const wanted = [new URLSearchParams(location.search).get("language"), stored(), ...navigator.languages.map(base)];
const found = wanted.find((tag) => tag !== null && known(tag));

/** The language that the page speaks: the reader's choice, or the first of the browser's that there is a table for. */
export const LANGUAGE = found ?? "en";
/** How numbers and dates are written: as the browser has it, in the page's language. */
export const LOCALE =
  found === undefined ? navigator.language : (navigator.languages.find((tag) => base(tag) === found) ?? found);
/** The languages to choose from: tag and name. */
export const LANGUAGES = [["en", "English"], ...Object.entries(TABLES).map(([tag, { name }]) => [tag, name])];

const table = LANGUAGE === "en" ? { page: {}, device: {} } : await (await fetch(`/static/languages/${LANGUAGE}.json`)).json();
const sentences = new Sentences(table.page, table.device);

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/**
 * Say a text in the reader's language: one of the page's own, or what the device said, with its values in it.
 *
 * @param {string} text in English, with {names} where values stand
 * @param {Record<string, unknown>} values by name
 */
export function t(text, values = {}) {
  return LANGUAGE === "en" ? fill(text, values) : fill(sentences.say(text) ?? text, values);
}

/** Speak another language from now on: the page begins again in it. */
export function choose(tag) {
  try {
    localStorage.setItem(KEY, tag);
  } catch {
    // Then it lasts as long as the address is kept.
  }
  const address = new URL(location.href);
  address.searchParams.set("language", tag);
  location.assign(address);
}

const SAID = ["aria-label", "title", "placeholder", "content", "alt"];

/** Put the document, as it was delivered, into the reader's language. */
export function translate(root) {
  root.lang = LANGUAGE;
  root.dir = TABLES[LANGUAGE]?.dir ?? "ltr";
  if (LANGUAGE === "en") return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = node.data.trim();
    if (text) node.data = node.data.replace(text, () => t(text.replace(/\s+/g, " ")));
  }
  for (const name of SAID) {
    for (const one of root.querySelectorAll(`[${name}]`)) one.setAttribute(name, t(one.getAttribute(name)));
  }
}
