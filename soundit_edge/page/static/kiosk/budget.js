// How much of a scene there is time to draw: less where pictures come too slowly, and more again where they do not.

const DETAILS = [1, 0.8, 0.65, 0.5, 0.4, 0.32, 0.25, 0.2];
const HALF = DETAILS.indexOf(0.5);
const WINDOW = 45; // pictures that are looked at together
const MIN_WINDOW = 5; // where they take longer than WINDOW_MS
const WINDOW_MS = 800;
const PATIENCE = 10; // windows that are fast enough before more is tried; twice as many after each time that was too much
const FAST_MS = 20; // between two pictures, for sixty a second
const FAIR_MS = 36; // for thirty a second, which has to do where half the detail is not enough for sixty
const FAR = 3; // times the limit: several steps at once, as many as the pixels are too many
const NO_USE = 0.9; // less detail that takes more than this share of the time as before does not help
const HOPELESS_MS = 250;

export class Budget {
  constructor() {
    Object.assign(this, { step: 0, limit: FAST_MS, whole: null, fast: 0, patience: PATIENCE, raised: false });
    this.times = [];
    this.sum = 0;
    /** Whether it is too slow with the least detail. */
    this.hopeless = false;
  }

  /** The share that there is time for, 0.2 to 1. */
  get detail() {
    return DETAILS[this.step];
  }

  /** Take the time between two pictures, in milliseconds. */
  note(ms) {
    this.sum += ms;
    const count = this.times.push(ms);
    if (count < MIN_WINDOW || (count < WINDOW && this.sum < WINDOW_MS)) return;
    const median = this.times.sort((a, b) => a - b)[count >> 1];
    this.times = [];
    this.sum = 0;
    if (this.step === 0) this.whole = median;
    if (median > this.limit) this.lower(median);
    else if (++this.fast >= this.patience && this.step > 0) this.raise();
  }

  lower(median) {
    this.fast = 0;
    if (this.raised) this.patience *= 2;
    this.raised = false;
    if (this.limit === FAST_MS && this.step === HALF) {
      this.limit = FAIR_MS;
      // A screen of thirty pictures a second gives no more, however little is drawn.
      if (median > NO_USE * this.whole) this.step = 0;
    } else if (this.step < DETAILS.length - 1) this.step = this.next(median);
    else this.hopeless = median > HOPELESS_MS;
  }

  /** Say which step to go down to: where it is far too slow, to the one whose pixels would fit. */
  next(median) {
    if (median < FAR * this.limit) return this.step + 1;
    const fits = DETAILS.findIndex((detail) => detail <= this.detail * Math.sqrt(this.limit / median));
    const lowest = this.limit === FAST_MS ? HALF : DETAILS.length - 1;
    return Math.max(this.step + 1, Math.min(fits < 0 ? lowest : fits, lowest));
  }

  raise() {
    this.fast = 0;
    this.raised = true;
    this.step--;
  }
}
