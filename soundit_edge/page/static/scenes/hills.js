// Hills in the mist: ridges one behind the other, paler the farther they are, under a low sun. Valence lifts the sun and
// the light, arousal the ridges, and tension makes rock of them.

import { Noise } from "../kiosk/noise.js";

const RIDGES = 8;
const STEPS = 220; // points of a ridge across the picture

export function setup(canvas, random) {
  const context = canvas.getContext("2d", { alpha: false });
  return { context, noise: new Noise(random), sun: 0.3 + 0.4 * random(), start: 50 * random() };
}

export function draw(hills, frame) {
  const { context } = hills;
  const { width, height, valence, colour, breath } = frame;
  const pleasant = 0.5 + 0.5 * valence;
  const horizon = 0.5 * height;
  const sky = context.createLinearGradient(0, 0, 0, 0.8 * height);
  sky.addColorStop(0, colour(0.12 + 0.2 * pleasant, 0.8, -34));
  sky.addColorStop(0.45, colour(0.28 + 0.26 * pleasant, 1, -8));
  sky.addColorStop(1, colour(0.46 + 0.36 * pleasant, 0.95, 6));
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  drawSun(hills, frame, pleasant, horizon);
  for (let i = 0; i < RIDGES; i++) drawRidge(hills, frame, pleasant, i / (RIDGES - 1), breath);
}

function drawSun({ context, sun, noise }, { width, height, t, level, beat, colour }, pleasant, horizon) {
  const x = width * (sun + 0.06 * (noise.at(0.004 * t) - 0.5));
  const y = horizon - height * (0.04 + 0.26 * pleasant);
  const radius = height * (0.062 + 0.004 * beat);
  const reach = height * (0.42 + 0.16 * level + 0.015 * beat);
  const glow = context.createRadialGradient(x, y, radius * 0.6, x, y, reach);
  const light = 0.64 + 0.28 * pleasant;
  glow.addColorStop(0, colour(light, 0.9, 8, 0.62));
  glow.addColorStop(0.2, colour(light, 0.95, 6, 0.26));
  glow.addColorStop(0.5, colour(light, 1, 4, 0.08));
  glow.addColorStop(1, colour(light, 1, 4, 0));
  context.fillStyle = glow;
  context.fillRect(0, 0, width, height);
  context.fillStyle = colour(light + 0.03, 0.75, 10, 0.92);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** Draw one ridge; `near` is 0 for the farthest and 1 for the nearest. */
function drawRidge({ context, noise, start }, frame, pleasant, near, breath) {
  const { width, height, flow, arousal, tension, colour, detail } = frame;
  const stir = 0.5 + 0.5 * arousal;
  const base = height * (0.5 + 0.46 * near ** 1.25);
  const tall = height * (0.09 + 0.1 * near) * (0.55 + 0.9 * stir + 0.35 * tension);
  const wide = (3.4 - 1.9 * near) * (1 + 0.9 * tension + 0.3 * stir);
  const from = start + 23 * near + flow * (0.008 + 0.03 * near * near);
  const steps = Math.ceil(STEPS * (0.5 + 0.5 * detail));
  context.beginPath();
  context.moveTo(0, height);
  let top = height;
  for (let i = 0; i <= steps; i++) {
    const x = (wide * i) / steps + from;
    const soft = noise.rough(x, 9 * near, 0.012 * flow, 3);
    const rock = 1 - Math.abs(2 * noise.rough(1.2 * x, 9 * near + 4, 0.012 * flow, 5) - 1);
    const y = base - tall * (2 * (soft + tension * (1.15 * rock - soft)) - 0.9);
    top = Math.min(top, y);
    context.lineTo((width * i) / steps, y);
  }
  context.lineTo(width, height);
  const far = (1 - near) ** 1.3;
  const dark = 0.1 + 0.06 * pleasant + (0.3 + 0.3 * pleasant) * far;
  const mist = dark + (0.1 + 0.1 * pleasant) * (1 - 0.55 * near) * (0.8 + 0.2 * breath);
  const fill = context.createLinearGradient(0, top, 0, Math.min(height, top + 0.3 * height));
  fill.addColorStop(0, colour(dark, 0.95, -34 + 32 * far));
  fill.addColorStop(1, colour(mist, 0.85, -24 + 28 * far));
  context.fillStyle = fill;
  context.fill();
}

export function end() {}
