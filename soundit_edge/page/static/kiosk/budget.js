// How much of a scene there is time to draw: less where pictures come too slowly, and more again where they do not.

const DETAILS = [1, 0.8, 0.65, 0.5, 0.4, 0.32, 0.25];
const HALF = DETAILS.indexOf(0.5);
const WINDOW = 45; // pictures that are looked at together
const PATIENCE = 10; // windows that are fast enough before more is tried
const FAST_MS = 20; // between two pictures, for sixty a second
const FAIR_MS = 36; // for thirty a second, which has to do where half the detail is not enough for sixty
const NO_USE = 0.9; // less detail that takes more than this share of the time as before does not help
const HOPELESS_MS = 250;
const ASLEEP_MS = 1000; // a window that nobody saw

export class Budget {
  constructor() {
    Object.assign(this, { step: 0, tried: 0, limit: FAST_MS, whole: null, fast: 0, times: [], hopeless: false });
  }

  /** The share that there is time for, 0.25 to 1. */
  get detail() {
    return DETAILS[this.step];
  }

  /** Take the time between two pictures, in milliseconds. */
  note(ms) {
    if (ms > ASLEEP_MS) return;
    this.times.push(ms);
    if (this.times.length < WINDOW) return;
    const median = this.times.sort((a, b) => a - b)[WINDOW >> 1];
    this.times = [];
    if (this.step === 0) this.whole = median;
    if (median > this.limit) this.lower(median);
    else if (++this.fast >= PATIENCE && this.step > this.tried) this.raise();
  }

  lower(median) {
    this.fast = 0;
    if (this.limit === FAST_MS && this.step === HALF) {
      this.limit = FAIR_MS;
      // A screen of thirty pictures a second gives no more, however little is drawn.
      if (median > NO_USE * this.whole) this.step = 0;
      return;
    }
    // What was too much once is not tried again.
    this.tried = Math.min(this.step + 1, DETAILS.length - 1);
    if (this.step < DETAILS.length - 1) this.step++;
    else this.hopeless = median > HOPELESS_MS;
  }

  raise() {
    this.fast = 0;
    this.step--;
  }
}
