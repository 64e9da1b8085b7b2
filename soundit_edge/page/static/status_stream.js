// The device's status as a stream of server-sent events, on a connection of this window's own.

import { t } from "./language.js";

const SILENCE_MS = 3000; // without an event for so long, the device counts as gone
const RETRY_MS = 1000; // between two attempts to reach it
const TIMEOUT_MS = 3000; // for the question what is the matter

const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Follow the device until aborted, and reach for it again whenever it is lost.
 *
 * @param {(status: object) => void} onStatus
 * @param {(message: string) => void} onLost called with what is the matter, in words
 * @param {AbortSignal} signal
 */
export async function followStatus(onStatus, onLost, signal) {
  let message = t("Not connected. Trying again.");
  const attend = window.EventSource ? listen : ask;
  while (!signal.aborted) {
    await attend(onStatus, signal);
    if (signal.aborted) return;
    onLost(message);
    message = await diagnose();
    if (signal.aborted) return;
    onLost(message);
    await delay(RETRY_MS);
  }
}

/** Listen to one stream; resolves when it ends, falls silent, cannot be read, or is aborted. */
function listen(onStatus, signal) {
  return new Promise((resolve) => {
    const source = new EventSource("/api/events");
    let silence;
    const end = () => {
      clearTimeout(silence);
      source.close();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const restart = () => {
      clearTimeout(silence);
      silence = setTimeout(end, SILENCE_MS);
    };
    source.addEventListener("message", (event) => {
      let status;
      try {
        status = JSON.parse(event.data);
      } catch {
        end();
        return;
      }
      restart();
      onStatus(status);
    });
    source.addEventListener("error", end);
    signal.addEventListener("abort", end);
    restart();
  });
}

/** Ask again and again, in a browser without event streams; resolves when there is no answer, or when aborted. */
async function ask(onStatus, signal) {
  while (!signal.aborted) {
    try {
      const answer = await fetch("/api/status", { cache: "no-store", signal: AbortSignal.timeout?.(TIMEOUT_MS) });
      if (!answer.ok) return;
      onStatus(await answer.json());
    } catch {
      return;
    }
    await delay(RETRY_MS);
  }
}

/** Ask the device directly what is the matter, for a stream does not say why it failed. */
async function diagnose() {
  let answer;
  try {
    answer = await fetch("/api/status", { cache: "no-store", signal: AbortSignal.timeout?.(TIMEOUT_MS) });
  } catch {
    return t("Not connected: the device is off or starting. Trying again.");
  }
  return answer.ok
    ? t("Not connected: the device answers, but its news do not arrive. Trying again.")
    : t("Not connected: the device answers, but with an error ({code}). Trying again.", { code: answer.status });
}
