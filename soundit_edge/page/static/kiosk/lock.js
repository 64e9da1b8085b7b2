// A picture that visitors cannot leave or mark: what a browser would do at a key, a finger or a mouse is held back. The
// browser's own keys (Escape, F11, Alt+F4) are not ours to hold: docs/howto/scene.md says how a kiosk's browser is started.

const HELD = ["contextmenu", "selectstart", "dragstart", "dragover", "drop", "keydown", "wheel", "touchstart", "touchmove", "mousedown", "auxclick"];
const FREE = ["Escape", "F11"];

export function lock() {
  const hold = (event) => FREE.includes(event.key) || event.preventDefault();
  for (const name of HELD) addEventListener(name, hold, { capture: true, passive: false });
  addEventListener("pointerup", fillScreen);
}

/** Fill the screen at a touch, where the browser was not started that way. */
async function fillScreen() {
  if (document.fullscreenElement || matchMedia("(display-mode: fullscreen)").matches) return;
  await document.documentElement.requestFullscreen?.({ navigationUI: "hide" }).catch(() => {});
}
