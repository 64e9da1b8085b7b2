// One stream for all windows of this browser: it opens six connections to a host and no more, and each stream keeps one.
// The window that holds a lock (Web Locks) follows the device and broadcasts what it gets; the others listen, and wait
// for the lock. A browser that has no locks or denies them follows the device in each window.

import { followStatus } from "./status_stream.js";

const NAME = "soundit status";
const BEAT_MS = 1000; // between two signs of life of the window that leads
const PATIENCE_MS = 3000; // without any for so long, its lock is taken from it

/**
 * Follow the device until aborted, on a stream of this window's own or of another's.
 *
 * @param {(status: object) => void} onStatus
 * @param {(message: string) => void} onLost called with what is the matter, in words
 * @param {AbortSignal} signal
 */
export async function shareStatus(onStatus, onLost, signal) {
  if (!navigator.locks || !window.BroadcastChannel) {
    followStatus(onStatus, onLost, signal);
    return;
  }
  const channel = new BroadcastChannel(NAME);
  // Not the same for all: one window takes the lock, and the others hear of it before they would.
  const patience = PATIENCE_MS + BEAT_MS * Math.random();
  let heard = performance.now();
  let leading = false;
  const silent = () => !leading && performance.now() - heard > patience;

  function show({ status, lost }) {
    if (signal.aborted) return;
    if (status) onStatus(status);
    if (lost) onLost(lost);
  }

  /** Follow the device for all windows until `term` is aborted; the lock is held until the promise resolves. */
  function lead(term) {
    if (term.aborted) return Promise.resolve();
    let latest = {};
    const publish = (message) => {
      latest = message;
      channel.postMessage(message);
      show(message);
    };
    leading = true;
    channel.postMessage(latest);
    const beat = setInterval(() => channel.postMessage(latest), BEAT_MS);
    followStatus((status) => publish({ status }), (lost) => publish({ lost }), term);
    return new Promise((resolve) => {
      term.addEventListener("abort", () => {
        clearInterval(beat);
        leading = false;
        heard = performance.now();
        resolve();
      });
    });
  }

  channel.addEventListener("message", ({ data }) => {
    heard = performance.now();
    if (!leading) show(data);
  });
  let failure;
  while (!signal.aborted && !failure) {
    const term = new AbortController();
    const end = () => term.abort();
    signal.addEventListener("abort", end);
    const watch = setInterval(() => silent() && end(), BEAT_MS);
    const options = silent() ? { steal: true } : { signal: term.signal };
    try {
      await navigator.locks.request(NAME, options, () => lead(term.signal));
    } catch (error) {
      // Aborted: given up while waiting, or taken from this window while it was frozen.
      if (error.name !== "AbortError") failure = error;
    }
    clearInterval(watch);
    signal.removeEventListener("abort", end);
    end();
  }
  channel.close();
  if (failure) followStatus(onStatus, onLost, signal);
}
