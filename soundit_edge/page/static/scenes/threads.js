// Threads in a current: each follows a field of directions that slowly turns. Arousal makes them quick and short of
// breath, tension breaks their curves into corners.

import { Noise } from "../kiosk/noise.js";

const THREADS = 620;
const STEPS = 70; // of the path that a thread follows
const LENGTH = 34; // steps of it that are seen at once
const PARTS = 3; // of a thread: it is faint at its end and bright at its head
const TONES = 6;

export function setup(canvas, random) {
  const context = canvas.getContext("2d", { alpha: false });
  const threads = Array.from({ length: THREADS }, (_, i) => ({
    x: random(),
    y: random(),
    begin: random(),
    pace: 0.7 + 0.6 * random(),
    weight: random() ** 3,
    tone: i % TONES,
  }));
  return { context, threads, noise: new Noise(random), path: new Float32Array(2 * STEPS + 2) };
}

export function draw(scene, frame) {
  const { context, threads } = scene;
  const { width, height, colour, valence, detail, level, beat } = frame;
  const pleasant = 0.5 + 0.5 * valence;
  const ground = context.createRadialGradient(0.5 * width, 0.55 * height, 0, 0.5 * width, 0.5 * height, 0.65 * Math.hypot(width, height));
  ground.addColorStop(0, colour(0.17 + 0.07 * pleasant, 0.8, -20));
  ground.addColorStop(1, colour(0.07, 0.8, -40));
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  context.lineCap = "round";
  context.lineJoin = "round";
  // One path for all threads of a tone and weight: a call for each thread would take too long.
  const strokes = Array.from({ length: TONES * PARTS * 2 }, () => new Path2D());
  const count = Math.round(threads.length * (0.4 + 0.6 * detail));
  for (let i = 0; i < count; i++) trace(scene, frame, threads[i], strokes);
  const unit = height / 1080;
  strokes.forEach((stroke, i) => {
    const tone = (i % TONES) / (TONES - 1);
    const part = (1 + (Math.floor(i / TONES) % PARTS)) / PARTS;
    const heavy = i >= TONES * PARTS;
    const light = 0.34 + 0.36 * tone + 0.1 * pleasant + 0.04 * beat;
    context.strokeStyle = colour(light, 1.1 - 0.25 * tone, -34 + 68 * tone, (heavy ? 0.85 : 0.6) * part);
    context.lineWidth = unit * (heavy ? 4.2 : 1.7) * (0.75 + 0.35 * level + 0.25 * beat);
    context.stroke(stroke);
  });
}

/** Add what is seen of a thread now to the strokes. */
function trace({ noise, path }, { width, height, flow, arousal, tension }, thread, strokes) {
  const stir = 0.5 + 0.5 * arousal;
  const aspect = width / height;
  const bend = 1.1 + 1.1 * stir;
  const step = 0.0105 * (1.25 - 0.35 * stir);
  const turns = 2.2 + 1.6 * stir;
  let [x, y] = [thread.x * (aspect + 0.4) - 0.2, thread.y * 1.3 - 0.15];
  for (let i = 0; i <= STEPS; i++) {
    path[2 * i] = x * height;
    path[2 * i + 1] = y * height;
    let angle = Math.PI * turns * noise.rough(bend * x + 3, bend * y + 5, 0.025 * flow, 2) - 0.6;
    const corner = (Math.PI / 4) * Math.round(angle / (Math.PI / 4));
    angle += Math.min(1, 1.5 * tension) * (corner - angle);
    x += step * Math.cos(angle);
    y += step * Math.sin(angle);
  }
  // The seen part goes along the path and comes again at its beginning, faded in and out by its length.
  const place = (thread.begin + 0.045 * thread.pace * flow) % 1;
  const head = place * (STEPS + LENGTH);
  const heavy = thread.weight > 0.55 ? 1 : 0;
  for (let part = 0; part < PARTS; part++) {
    const from = Math.max(0, Math.round(head - LENGTH * (1 - part / PARTS)));
    const to = Math.min(STEPS, Math.round(head - LENGTH * (1 - (part + 1) / PARTS)));
    if (to <= from) continue;
    const stroke = strokes[heavy * TONES * PARTS + part * TONES + thread.tone];
    stroke.moveTo(path[2 * from], path[2 * from + 1]);
    for (let i = from + 1; i <= to; i++) stroke.lineTo(path[2 * i], path[2 * i + 1]);
  }
}

export function end() {}
