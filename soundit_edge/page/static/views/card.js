// A model's card: its Markdown as elements. What it cannot draw (pictures, links) is left out or shown as text.

import { element } from "../dom.js";
import { t } from "../language.js";

/** The text of a line with **strong** and `code` parts, as nodes. */
function inline(text) {
  const plain = text.replace(/!\[[^\]]*\]\([^)]*\)/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return plain.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    if (part.startsWith("**") && part.length > 4) return element("strong", "", part.slice(2, -2));
    if (part.startsWith("`") && part.length > 2) return element("code", "", part.slice(1, -1));
    return part;
  });
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
const isRule = (line) => /^\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$/.test(line);

function table(lines) {
  const row = (line, name) => element("tr", "", ...cells(line).map((cell) => element(name, "", ...inline(cell))));
  const head = lines.length > 1 && isRule(lines[1]);
  const body = lines.slice(head ? 2 : 0).map((line) => row(line, "td"));
  const made = element("table", "", ...(head ? [element("thead", "", row(lines[0], "th"))] : []), element("tbody", "", ...body));
  const around = element("div", "wide", made);
  around.tabIndex = 0; // so that the keyboard can scroll it
  return around;
}

const KINDS = [
  [/^\|/, table],
  [/^[-*] /, (lines) => element("ul", "", ...lines.map((line) => element("li", "", ...inline(line.slice(2)))))],
  [/^#/, (lines) => element(lines[0].startsWith("## ") ? "h4" : "h3", "", ...inline(lines.join(" ").replace(/^#+\s*/, "")))],
];

/** Return the elements of a text in Markdown. */
export function drawn(markdown) {
  const blocks = [];
  let kind = null;
  for (const line of markdown.split(/\r?\n/)) {
    const found = line.trim() ? (KINDS.find(([pattern]) => pattern.test(line)) ?? "text") : null;
    if (found !== null && found === kind && found !== KINDS[2]) blocks.at(-1).lines.push(line);
    else if (found !== null && kind === KINDS[1] && /^\s+\S/.test(line)) blocks.at(-1).lines.push(blocks.at(-1).lines.pop() + " " + line.trim());
    else if (found !== null) blocks.push({ kind: found, lines: [line] });
    if (!(kind === KINDS[1] && /^\s+\S/.test(line))) kind = found;
  }
  return blocks.map(({ kind, lines }) => (kind === "text" ? element("p", "", ...inline(lines.join(" "))) : kind[1](lines)));
}

/** A card that is fetched when it is first opened. */
export function card(name) {
  const text = element("div", "card");
  const whole = element("details", "", element("summary", "", t("What is known of it")), text);
  whole.addEventListener("toggle", async () => {
    if (!whole.open || text.hasChildNodes()) return;
    const answer = await fetch(`/api/models/${encodeURIComponent(name)}/card`).catch(() => null);
    if (answer?.ok) text.replaceChildren(...drawn(await answer.text()));
    else text.replaceChildren(element("p", "", t("The card cannot be read now.")));
  });
  return whole;
}
