// Threads in a current that never meet: they follow the level lines of a slow landscape. Arousal makes the current quick
// and winding, tension breaks its curves into corners.

import { Noise } from "../kiosk/noise.js";

const THREADS = 1100;
const STEPS = 64; // of the path that a thread follows
const LENGTH = 40; // steps of it that are seen at once
const PARTS = 3; // of a thread: it is faint at its end and bright at its head
const TONES = 6;
const ROWS = 40; // of the grid on which the landscape is worked out; a cell is as wide as it is high
const MARGIN = 0.12; // of the picture's height, beside the picture

export function setup(canvas, random) {
  const context = canvas.getContext("2d", { alpha: false });
  const threads = Array.from({ length: THREADS }, (_, i) => ({
    x: random(),
    y: random(),
    begin: random(),
    pace: 0.7 + 0.6 * random(),
    heavy: random() < 0.16,
    tone: i % TONES,
  }));
  return { context, threads, noise: new Noise(random), path: new Float32Array(2 * STEPS + 2) };
}

export function draw(scene, frame) {
  const { context, threads } = scene;
  const { width, height, colour, valence, detail, level, beat } = frame;
  const pleasant = 0.5 + 0.5 * valence;
  const ground = context.createRadialGradient(0.5 * width, 0.55 * height, 0, 0.5 * width, 0.5 * height, 0.6 * Math.hypot(width, height));
  ground.addColorStop(0, colour(0.17 + 0.06 * pleasant, 0.85, -20));
  ground.addColorStop(1, colour(0.075, 0.8, -40));
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  context.lineCap = "round";
  context.lineJoin = "round";
  const current = currentOf(scene.noise, frame);
  // One path for all threads of a tone and weight: a call for each thread would take too long.
  const strokes = Array.from({ length: TONES * PARTS * 2 }, () => new Path2D());
  const count = Math.round(threads.length * (0.35 + 0.65 * detail));
  for (let i = 0; i < count; i++) trace(scene.path, current, frame, threads[i], strokes);
  strokes.forEach((stroke, i) => {
    const tone = (i % TONES) / (TONES - 1);
    const part = (1 + (Math.floor(i / TONES) % PARTS)) / PARTS;
    const heavy = i >= TONES * PARTS;
    context.strokeStyle = colour(0.36 + 0.34 * tone + 0.08 * pleasant + 0.04 * beat, 1.15 - 0.25 * tone, -34 + 62 * tone, (heavy ? 0.9 : 0.62) * part);
    context.lineWidth = (height / 1080) * (heavy ? 4.4 : 1.8) * (0.75 + 0.35 * level + 0.25 * beat);
    context.stroke(stroke);
  });
}

/** Work out the current: its direction at each node of a grid, which runs along the slopes of the landscape. */
function currentOf(noise, { width, height, flow, arousal, tension }) {
  const stir = 0.5 + 0.5 * arousal;
  const cell = (1 + 2 * MARGIN) / ROWS;
  const columns = Math.ceil((width / height + 2 * MARGIN) / cell);
  const [rise, bend] = [1.1 + 1.5 * stir, 1.25 + 0.75 * stir];
  const stride = columns + 2;
  const land = new Float32Array(stride * (ROWS + 2));
  for (let row = 0, i = 0; row < ROWS + 2; row++) {
    for (let column = 0; column < stride; column++, i++) {
      const [x, y] = [column * cell, row * cell];
      land[i] = rise * noise.rough(bend * x + 3 - 0.05 * flow, bend * y + 5, 0.03 * flow, 2) + 0.42 * y - 0.16 * x;
    }
  }
  const directions = new Float32Array(2 * stride * (ROWS + 1));
  for (let row = 0; row <= ROWS; row++) {
    for (let column = 0; column <= columns; column++) {
      const i = row * stride + column;
      let angle = Math.atan2(land[i] - land[i + 1], land[i + stride] - land[i]);
      const corner = (Math.PI / 4) * Math.round(angle / (Math.PI / 4));
      angle += Math.min(1, 1.4 * tension) * (corner - angle);
      directions[2 * i] = Math.cos(angle);
      directions[2 * i + 1] = Math.sin(angle);
    }
  }
  return { directions, stride, columns, cell };
}

/** Add what is seen of a thread now to the strokes. */
function trace(path, { directions, stride, columns, cell }, { width, height, flow, arousal }, thread, strokes) {
  const step = 0.011 - 0.002 * arousal;
  let [x, y] = [thread.x * columns * cell, thread.y * ROWS * cell];
  let last = 0;
  for (; last <= STEPS; last++) {
    path[2 * last] = (x - MARGIN) * height;
    path[2 * last + 1] = (y - MARGIN) * height;
    const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)];
    if (column < 0 || row < 0 || column >= columns || row >= ROWS) break;
    const [u, v] = [x / cell - column, y / cell - row];
    const i = 2 * (row * stride + column);
    const j = i + 2 * stride;
    for (let axis = 0; axis < 2; axis++) {
      const upper = directions[i + axis] + u * (directions[i + 2 + axis] - directions[i + axis]);
      const lower = directions[j + axis] + u * (directions[j + 2 + axis] - directions[j + axis]);
      const along = step * (upper + v * (lower - upper));
      if (axis === 0) x += along;
      else y += along;
    }
  }
  // The seen part goes along the path and comes again at its beginning.
  const head = ((thread.begin + 0.05 * thread.pace * flow) % 1) * (STEPS + LENGTH);
  for (let part = 0; part < PARTS; part++) {
    const from = Math.max(0, Math.round(head - LENGTH * (1 - part / PARTS)));
    const to = Math.min(STEPS, last, Math.round(head - LENGTH * (1 - (part + 1) / PARTS)));
    if (to <= from) continue;
    const stroke = strokes[(thread.heavy ? TONES * PARTS : 0) + part * TONES + thread.tone];
    stroke.moveTo(path[2 * from], path[2 * from + 1]);
    for (let i = from + 1; i <= to; i++) stroke.lineTo(path[2 * i], path[2 * i + 1]);
  }
}

export function end() {}
