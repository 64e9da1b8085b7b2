// Keeps the screen on while somebody looks.

/** Keep the screen on until aborted, where the browser can; hidden pages lose this and ask again. */
export function keepAwake() {
  const end = new AbortController();
  let lock = null;
  const ask = async () => {
    lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (end.signal.aborted) lock?.release();
  };
  document.addEventListener("visibilitychange", () => !document.hidden && ask(), { signal: end.signal });
  end.signal.addEventListener("abort", () => lock?.release());
  ask();
  return end;
}
