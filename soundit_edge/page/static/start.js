// Starts the page, by the module that its document names. Where a part of it does not arrive, the page says so and is
// loaded again once the device answers.

const RETRY_MS = 2000;

async function reload() {
  const answer = await fetch("/", { cache: "no-store", signal: AbortSignal.timeout?.(RETRY_MS) }).catch(() => null);
  if (answer?.ok) location.reload();
}

async function fail(error) {
  console.error(error);
  const old = error instanceof SyntaxError;
  // What did not arrive may be the reader's language.
  const { t } = await import("./language.js").catch(() => ({ t: (text) => text }));
  document.body.dataset.link = "lost";
  document.getElementById("link").textContent = old
    ? t("This browser is too old for this page.")
    : t("The page did not arrive whole. Trying again.");
  if (!old) setInterval(reload, RETRY_MS);
}

import(`./${document.body.dataset.starts}`).catch(fail);
