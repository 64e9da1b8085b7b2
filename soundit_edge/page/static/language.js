// The page's words in the reader's language. English is written where it is used, and is the key of the other tables.

import { VOCABULARY } from "./vocabulary.js";

const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
/** The language that the page speaks: the first of the browser's that there is a table for, or English. */
export const LANGUAGE = wanted.find((tag) => tag === "en" || VOCABULARY.languages.includes(tag)) ?? "en";

const table = LANGUAGE === "en" ? {} : await (await fetch(`/static/languages/${LANGUAGE}.json`)).json();

/**
 * Say a text in the reader's language.
 *
 * @param {string} text in English, with {names} where values stand
 * @param {Record<string, unknown>} values by name
 */
export function t(text, values = {}) {
  return (table[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const SAID = ["aria-label", "title", "placeholder", "content"];

/** Put all texts of a part of the document, as it was delivered, into the reader's language. */
export function translate(root) {
  if (LANGUAGE === "en") return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = node.data.trim().replace(/\s+/g, " ");
    if (text in table) node.data = node.data.replace(node.data.trim(), table[text]);
  }
  for (const name of SAID) {
    for (const one of root.querySelectorAll(`[${name}]`)) one.setAttribute(name, t(one.getAttribute(name)));
  }
}
