// The eight emotions: their place in the plane of valence and arousal, and their colour, as the device gives them.

import { VOCABULARY } from "./vocabulary.js";

/** @typedef {{valence: number, arousal: number, hue: number, chroma: number, shade: number}} Tone */

/**
 * By emotion: hue in degrees of OKLCH, chroma as a share of what the theme allows, shade in lightness.
 *
 * @type {Record<string, Tone>}
 */
export const TONES = VOCABULARY.emotions;

export const EMOTIONS = Object.keys(TONES);

/**
 * OKLab (Ottosson 2020) to 8-bit sRGB, clipped.
 * @returns {[number, number, number]}
 */
export function rgb(lightness, a, b) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function encode(linear) {
  const v = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return 255 * Math.min(1, Math.max(0, v));
}

/** Let a part of the page take an emotion's colour, which style.css then has as --tone and --disc. */
export function tint(element, emotion) {
  const { hue, chroma, shade } = TONES[emotion] ?? TONES.neutral;
  element.classList.add("toned");
  element.style.setProperty("--hue", hue);
  element.style.setProperty("--chroma", chroma);
  element.style.setProperty("--shade", shade);
}
