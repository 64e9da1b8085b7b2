// Chance that can be repeated, and smooth noise, for the scenes.

/** Make a source of numbers from 0 to below 1 that is the same for the same seed (mulberry32). */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
}

const ease = (x) => x * x * x * (x * (6 * x - 15) + 10);

/** Smooth noise in up to three dimensions, 0 to 1, with bumps one unit wide. */
export class Noise {
  /** @param {() => number} random from 0 to below 1 */
  constructor(random) {
    this.values = Float32Array.from({ length: 256 }, random);
    this.order = Uint8Array.from({ length: 256 }, () => 256 * random());
  }

  corner(x, y, z) {
    const { order } = this;
    return this.values[(x + order[(y + order[z & 255]) & 255]) & 255];
  }

  at(x, y = 0, z = 0) {
    const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    const [u, v, w] = [ease(x - i), ease(y - j), ease(z - k)];
    const row = (j, k) => {
      const before = this.corner(i, j, k);
      return before + u * (this.corner(i + 1, j, k) - before);
    };
    const layer = (k) => {
      const before = row(j, k);
      return v === 0 ? before : before + v * (row(j + 1, k) - before);
    };
    const before = layer(k);
    return w === 0 ? before : before + w * (layer(k + 1) - before);
  }

  /** Noise with finer noise in it, 0 to 1. */
  rough(x, y = 0, z = 0, octaves = 4) {
    let [sum, share, whole] = [0, 0.5, 0];
    for (let i = 0; i < octaves; i++, share /= 2) {
      sum += share * this.at(x * 2 ** i + 17 * i, y * 2 ** i, z);
      whole += share;
    }
    return sum / whole;
  }
}
