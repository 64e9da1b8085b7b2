// The stage: one scene at a time on a canvas of its own, the next one faded in over it, and none that fails.

import { Budget } from "./budget.js";
import { randomOf } from "./noise.js";

const FADE_MS = 5000;
const MAX_PIXELS = 1920 * 1080; // on a finer screen the browser enlarges the picture
const PARTS = ["setup", "draw", "end"];

/**
 * A scene is a module in `scenes/` of three functions; docs/howto/scene.md says more.
 *
 * @typedef {object} Scene
 * @property {(canvas: HTMLCanvasElement, random: () => number) => any} setup makes what the scene needs, which the others
 *   are given; `random` gives 0 to below 1, the same in the same order for the same seed
 * @property {(kept: any, frame: import("./frame.js").Frame) => void} draw draws one frame over the one before
 * @property {(kept: any) => void} end gives back what was needed
 */

function leaveOut(name, reason) {
  console.warn(`The scene ${name} is left out: ${reason?.message ?? reason}`);
}

async function load(name) {
  const scene = await import(`../scenes/${name}.js`);
  const missing = PARTS.find((part) => typeof scene[part] !== "function");
  if (missing) throw new Error(`it exports no function ${missing}`);
  return scene;
}

/** Load scenes; those that cannot be are left out. @returns {Promise<Map<string, Scene>>} by name */
export async function loadScenes(names) {
  const loaded = await Promise.allSettled(names.map(load));
  const scenes = new Map();
  loaded.forEach(({ value, reason }, i) => (value ? scenes.set(names[i], value) : leaveOut(names[i], reason)));
  return scenes;
}

export class Stage {
  /**
   * @param {HTMLElement} root
   * @param {import("./frame.js").Frames} frames
   * @param {Map<string, Scene>} scenes
   * @param {{seed: number, turn_s: number, only: string}} options turn_s: how long each is seen where none is chosen;
   *   only: the one that is seen whatever the device says, or ""
   */
  constructor(root, frames, scenes, { seed, turn_s, only }) {
    Object.assign(this, { root, frames, scenes, seed, turn_s, only, chosen: "", layers: [], budgets: new Map(), at: null });
  }

  /** Show this scene from now on; "" or one that there is not: all take turns. */
  choose(name) {
    this.chosen = name;
  }

  /** Draw the picture of a moment, in milliseconds of `performance.now`. */
  draw(now) {
    this.change(now);
    const frame = this.frames.next(now);
    for (const layer of [...this.layers]) this.drawLayer(layer, frame, now);
    const [layer, other] = this.layers;
    if (layer && !other && this.at !== null) layer.budget.note(now - this.at);
    if (layer?.budget.hopeless && this.scenes.size > 1) this.fail(layer, "it is too slow for this computer");
    this.at = now;
  }

  wanted(now) {
    const fixed = [this.only, this.chosen].find((name) => this.scenes.has(name));
    if (fixed) return fixed;
    const seen = this.layers.at(-1);
    if (seen && now - seen.began < 1000 * this.turn_s) return seen.name;
    const names = [...this.scenes.keys()];
    const before = seen ? names.indexOf(seen.name) : this.seed % names.length;
    return names[(before + 1) % names.length];
  }

  /** Begin another scene where one is wanted, once the change before it is over. */
  change(now) {
    if (this.layers.length > 1) return;
    while (this.scenes.size) {
      const name = this.wanted(now);
      if (this.layers[0]?.name === name && !this.layers[0].lost) return;
      if (this.begin(name, now)) return;
    }
  }

  begin(name, now) {
    const canvas = document.createElement("canvas");
    if (!this.budgets.has(name)) this.budgets.set(name, new Budget());
    const layer = { name, canvas, scene: this.scenes.get(name), budget: this.budgets.get(name), began: now, ready: false, lost: false };
    this.fit(layer);
    try {
      layer.kept = layer.scene.setup(canvas, randomOf(this.seed));
      layer.ready = true;
    } catch (error) {
      this.fail(layer, error);
      return false;
    }
    // The graphics driver may be started again while we run.
    canvas.addEventListener("webglcontextlost", () => (layer.lost = true));
    this.root.append(canvas);
    this.layers.push(layer);
    document.body.dataset.scene = name;
    return true;
  }

  drawLayer(layer, frame, now) {
    const { canvas, scene, budget } = layer;
    this.fit(layer);
    try {
      scene.draw(layer.kept, { ...frame, width: canvas.width, height: canvas.height, detail: budget.detail });
    } catch (error) {
      this.fail(layer, error);
      return;
    }
    const share = this.frames.frozen !== null ? 1 : Math.min(1, (now - layer.began) / FADE_MS);
    const opacity = share * share * (3 - 2 * share);
    if (layer.opacity !== opacity) canvas.style.opacity = layer.opacity = opacity;
    if (share === 1) this.layers.filter((one) => one.began < layer.began || one.lost).forEach((one) => this.endLayer(one));
  }

  fit({ canvas, budget }) {
    const scale = Math.min(devicePixelRatio, Math.sqrt(MAX_PIXELS / (innerWidth * innerHeight))) * budget.detail;
    const [width, height] = [Math.max(1, Math.round(scale * innerWidth)), Math.max(1, Math.round(scale * innerHeight))];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
  }

  /** Leave a scene out from now on. */
  fail(layer, reason) {
    leaveOut(layer.name, reason);
    this.scenes.delete(layer.name);
    this.endLayer(layer);
  }

  endLayer(layer) {
    this.layers = this.layers.filter((one) => one !== layer);
    layer.canvas.remove();
    try {
      if (layer.ready) layer.scene.end(layer.kept);
    } catch (error) {
      leaveOut(layer.name, error);
      this.scenes.delete(layer.name);
    }
  }
}
