// The background: a window into the plane of valence and arousal, around the room's mood, in the colours of the emotions
// that lie there, each as strong as it is likely. As the mood moves, the window drifts over the landscape.

import { EMOTIONS, TONES, rgb } from "./palette.js";

const COLUMNS = 24; // of the grid on which the landscape is worked out
const ROWS = 14;
const FINE = 8; // pixels per cell, between which it is smoothed; the browser smooths the rest
const WIDTH = (COLUMNS - 1) * FINE;
const HEIGHT = (ROWS - 1) * FINE;
const REACH = 0.42; // how far the window sees from its middle, in units of the plane
const SOFTNESS = 0.4; // how far an emotion's colour carries
const GLOW = 0.2; // what an unlikely emotion keeps of its colour
const DRIFT_S = 2.5; // time constant of the drift
const FRAME_S = 1 / 5; // slow colours need few pictures
const STILL = 0.02; // nearer than this it stands still

const THEMES = {
  light: { lightness: 0.92, fall: 0.045, chroma: 0.088, shade: 1 },
  dark: { lightness: 0.285, fall: 0.045, chroma: 0.088, shade: 0.5 },
};

export class Background {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    this.context = canvas.getContext("2d");
    this.image = this.context.createImageData(WIDTH, HEIGHT);
    this.grid = new Float32Array(COLUMNS * ROWS * 3);
    // Half a step of noise hides the edges between the steps of 8-bit colour.
    this.grain = Float32Array.from({ length: WIDTH * HEIGHT * 4 }, () => Math.random() - 0.5);
    this.at = null; // valence, arousal and the eight shares, as drawn
    this.target = null; // where they drift
    this.drawn = 0;
    this.waiting = false;
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.draw());
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.draw();
  }

  /** Drift towards a mood: half to where the held emotion lies, half to where the room is. */
  follow(mood) {
    const tone = TONES[mood.emotion];
    const shares = EMOTIONS.map((emotion) => mood.probabilities[emotion]);
    this.target = [(mood.valence + tone.valence) / 2, (mood.arousal + tone.arousal) / 2, ...shares];
    if (this.at === null) {
      this.at = this.target;
      this.draw();
    }
    this.wake();
  }

  wake() {
    if (this.waiting || this.at.every((v, i) => Math.abs(this.target[i] - v) < STILL)) return;
    this.waiting = true;
    this.drawn = performance.now();
    setTimeout(() => requestAnimationFrame((now) => this.step(now)), this.still.matches ? 0 : 1000 * FRAME_S);
  }

  step(now) {
    const seconds = (now - this.drawn) / 1000;
    const share = this.still.matches ? 1 : 1 - Math.exp(-seconds / DRIFT_S);
    this.at = this.at.map((v, i) => v + share * (this.target[i] - v));
    this.draw();
    this.waiting = false;
    this.wake();
  }

  draw() {
    if (this.at === null) this.drawPaper();
    else this.drawMood();
  }

  /** Paint the colour of the page itself, for no mood is known yet. */
  drawPaper() {
    this.context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    this.context.fillRect(0, 0, WIDTH, HEIGHT);
  }

  drawMood() {
    this.computeGrid();
    const { grid, grain } = this;
    const data = this.image.data;
    for (let y = 0, i = 0; y < HEIGHT; y++) {
      const row = Math.floor(y / FINE);
      const down = y / FINE - row;
      for (let x = 0; x < WIDTH; x++, i += 4) {
        const column = Math.floor(x / FINE);
        const across = x / FINE - column;
        const above = (row * COLUMNS + column) * 3;
        const below = above + COLUMNS * 3;
        for (let c = 0; c < 3; c++) {
          const upper = grid[above + c] + across * (grid[above + 3 + c] - grid[above + c]);
          const lower = grid[below + c] + across * (grid[below + 3 + c] - grid[below + c]);
          data[i + c] = upper + down * (lower - upper) + grain[i + c];
        }
        data[i + 3] = 255;
      }
    }
    this.context.putImageData(this.image, 0, 0);
  }

  /** Compute the landscape's colours on the grid. */
  computeGrid() {
    const theme = this.dark.matches ? THEMES.dark : THEMES.light;
    const [valence, arousal, ...shares] = this.at;
    const tones = EMOTIONS.map((emotion, i) => {
      const tone = TONES[emotion];
      const angle = (tone.hue * Math.PI) / 180;
      const strength = theme.chroma * tone.chroma;
      const [a, b] = [strength * Math.cos(angle), strength * Math.sin(angle)];
      return { ...tone, a, b, shade: theme.shade * tone.shade, glow: GLOW + shares[i] };
    });
    for (let row = 0, i = 0; row < ROWS; row++) {
      const down = (2 * row) / (ROWS - 1) - 1;
      for (let column = 0; column < COLUMNS; column++, i += 3) {
        const across = (2 * column) / (COLUMNS - 1) - 1;
        let [sum, shade, a, b] = [1e-9, 0, 0, 0];
        for (const tone of tones) {
          const far = (valence + REACH * across - tone.valence) ** 2 + (arousal - REACH * down - tone.arousal) ** 2;
          const weight = tone.glow * Math.exp(-far / (2 * SOFTNESS * SOFTNESS));
          sum += weight;
          shade += weight * tone.shade;
          a += weight * tone.a;
          b += weight * tone.b;
        }
        // Light falls from the upper right, where the plane is drawn.
        const lightness = theme.lightness + shade / sum + theme.fall * (0.35 * across - 0.4 * down);
        this.grid.set(rgb(lightness, a / sum, b / sum), i);
      }
    }
  }
}
