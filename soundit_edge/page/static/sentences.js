// Sentences of the device in another language. They come whole, with their values in them ("the room turned happy: tempo
// up 8 %, darker"); the table has templates ("the room turned {emotion}"). A sentence is looked up as it is, else taken
// apart where clauses meet, else matched against the templates, whose values are said in the same way.

const JOINTS = ["; ", ": ", ", ", " and "]; // from the loosest to the closest
const OWN = ["title", "path", "name"]; // values that are somebody's own words, and are never said in others
const CLAUSES = ["one", "rest"]; // values that are clauses: where they are not known, the template does not fit
const MAX_CACHED = 500;

export class Sentences {
  #cache = new Map();

  /**
   * @param {Record<string, string>} page the page's own texts by the English ones
   * @param {Record<string, string>} device those of the device, which may have {names}
   */
  constructor(page, device) {
    Object.assign(this, { page, device });
    const literal = (template) => template.replace(/\{\w+\}/g, "").length;
    this.templates = Object.keys(device)
      .filter((template) => template.includes("{"))
      .sort((one, other) => literal(other) - literal(one)) // the most particular first
      .map((template) => ({ pattern: pattern(template), names: names(template), template }));
  }

  /** Say a text of the page or a sentence of the device; undefined where the table has nothing for it. */
  say(text) {
    return Object.hasOwn(this.page, text) ? this.page[text] : this.#clause(text);
  }

  #clause(words) {
    if (Object.hasOwn(this.device, words)) return this.device[words];
    if (!this.#cache.has(words)) {
      if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
      this.#cache.set(words, this.#apart(words) ?? this.#matched(words));
    }
    return this.#cache.get(words);
  }

  /** Say a sentence clause by clause, where each of them is known. */
  #apart(sentence) {
    for (const joint of JOINTS) {
      for (let at = sentence.indexOf(joint); at >= 0; at = sentence.indexOf(joint, at + 1)) {
        const first = this.#clause(sentence.slice(0, at));
        const rest = first && this.#clause(sentence.slice(at + joint.length));
        if (rest) return `${first}${this.device[joint] ?? joint}${rest}`;
      }
    }
    return undefined;
  }

  #matched(sentence) {
    for (const { pattern, names, template } of this.templates) {
      const match = pattern.exec(sentence);
      if (!match) continue;
      const said = (name, value) => (OWN.includes(name) ? value : (this.#clause(value) ?? (CLAUSES.includes(name) ? undefined : value)));
      const values = Object.fromEntries(names.map((name, i) => [name, said(name, match[i + 1])]));
      if (Object.values(values).includes(undefined)) continue;
      return this.device[template].replace(/\{(\w+)\}/g, (_, name) => values[name]);
    }
    return undefined;
  }
}

const names = (template) => Array.from(template.matchAll(/\{(\w+)\}/g), (match) => match[1]);

function pattern(template) {
  const parts = template.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const values = names(template).map((name) => (name === "count" ? "(\\S+)" : "(.+?)"));
  return new RegExp(`^${parts.map((part, i) => part + (values[i] ?? "")).join("")}$`, "s");
}
