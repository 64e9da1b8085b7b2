// What a scene is given to draw: the room's mood and its music, smoothed, so that nothing jumps.

import { EMOTIONS, TONES } from "../palette.js";
import { beatAt } from "./beat.js";

const MOOD_S = 3; // time constant of the mood, in seconds
const LEVEL_S = 0.25; // of the music's level
const BREATH_S = 0.5; // of the breath, which changes its clock when the music stops
const RESTING_BREATH_S = 9; // of one breath where no bar gives it
const MAX_STEP_S = 0.25; // a window that was asleep does not make up for it
const QUIET_DB = -54;
const LOUD_DB = -9;
const STILL = 0.3; // how fast time goes for people who want little motion
const MIN_CHROMA = 0.3; // a picture without any colour looks switched off
const CHROMA = 0.115; // of a mood whose chroma is 1, in OKLCH

const RESTING = { emotion: "neutral", valence: 0, arousal: -0.4, probabilities: {} };

/**
 * One moment, as a scene sees it.
 *
 * @typedef {object} Frame
 * @property {number} width of the canvas, in its pixels; it may be another at each frame
 * @property {number} height
 * @property {number} detail how much there is time for, 0.2 to 1: draw fewer things where it is small
 * @property {number} t seconds since the kiosk began
 * @property {number} dt seconds since the frame before
 * @property {number} flow seconds that pass faster the more stirred the room is: let motion depend on it
 * @property {string} emotion that the room is held to feel, such as "happy"
 * @property {Record<string, number>} probabilities one share for each emotion
 * @property {number} valence -1 (unpleasant) to 1 (pleasant)
 * @property {number} arousal -1 (still) to 1 (stirred)
 * @property {number} tension 0 to 1: unpleasant and stirred, as in anger and fear
 * @property {number} hue of the mood, in degrees of OKLCH
 * @property {number} chroma of the mood, in OKLCH
 * @property {number} shade what the mood adds to lightness
 * @property {number} level how loud the music is, 0 to 1
 * @property {number} beat how strongly the beat is felt, 0 to 1: up at the beat and down again, at most twice a second
 * @property {number} breath 0 to 1 and back once a bar, or slowly where there is none
 * @property {(lightness: number, chroma?: number, turn?: number, alpha?: number) => string} colour the mood's colour for
 *   CSS: lightness 0 to 1, chroma as a share of the mood's, turn of the hue in degrees, alpha 0 to 1
 */

/** Follows the device, and gives frames. */
export class Frames {
  /**
   * @param {{still: boolean, frozen: number | null}} options still: little motion is wanted; frozen: the only moment that
   *   there is, in seconds, for pictures that are compared
   */
  constructor({ still = false, frozen = null } = {}) {
    Object.assign(this, { still, frozen, mood: RESTING, music: null, arrived: 0, live: false });
    this.now = null; // everything that is smoothed
    this.t = this.flow = frozen ?? 0;
    this.at = null;
  }

  /** Take what the device says at a moment, in milliseconds of `performance.now`. */
  follow(status, now) {
    const { emotion } = status.override ?? status.mood;
    const { valence, arousal } = status.override ? TONES[emotion] : status.mood;
    this.mood = { emotion, valence, arousal, probabilities: status.mood.probabilities };
    Object.assign(this, { music: status.music, arrived: now, live: true });
  }

  /** The device is gone: the picture comes to rest in the mood that it had. */
  lose() {
    this.live = false;
    this.mood = { ...this.mood, arousal: Math.min(this.mood.arousal, RESTING.arousal) };
  }

  /**
   * Give the frame of a moment; the size is the canvas's own.
   *
   * @param {number} now in milliseconds of `performance.now`
   * @returns {Omit<Frame, "width" | "height" | "detail">}
   */
  next(now) {
    const passed = this.at === null ? 0 : Math.min(MAX_STEP_S, Math.max(0, (now - this.at) / 1000));
    this.at = now;
    const frozen = this.frozen !== null;
    const dt = frozen ? 0 : passed * (this.still ? STILL : 1);
    this.t += dt;
    const { bar, beat } = this.live ? beatAt(this.music.pulse, frozen ? 0 : (now - this.arrived) / 1000) : { bar: null, beat: 0 };
    const smooth = this.smoothed(passed, frozen, bar);
    this.flow += dt * (0.7 + 0.5 * smooth.arousal);
    const { mood, t, flow } = this;
    return frameOf({ ...smooth, emotion: mood.emotion, t, dt, flow, beat: this.still ? 0 : beat * (0.4 + 0.6 * smooth.level) });
  }

  smoothed(passed, frozen, bar) {
    const { emotion, valence, arousal, probabilities } = this.mood;
    const { hue, chroma, shade } = TONES[emotion] ?? TONES.neutral;
    const strength = Math.max(chroma, MIN_CHROMA) * CHROMA;
    const angle = (hue * Math.PI) / 180;
    const level = this.live ? Math.min(1, Math.max(0, (this.music.level_db - QUIET_DB) / (LOUD_DB - QUIET_DB))) : 0;
    const breath = 0.5 - 0.5 * Math.cos(2 * Math.PI * (bar ?? this.t / RESTING_BREATH_S));
    const [a, b] = [strength * Math.cos(angle), strength * Math.sin(angle)];
    const shares = EMOTIONS.map((name) => probabilities[name] ?? 0);
    const wanted = [valence, arousal, a, b, shade, level, breath, ...shares];
    const share = (constant) => (this.now === null || frozen ? 1 : 1 - Math.exp(-passed / constant));
    const shareOf = [...Array(5).fill(share(MOOD_S)), share(LEVEL_S), share(BREATH_S), ...shares.map(() => share(MOOD_S))];
    this.now = wanted.map((value, i) => (this.now === null ? value : this.now[i] + shareOf[i] * (value - this.now[i])));
    return {
      ...Object.fromEntries(["valence", "arousal", "a", "b", "shade", "level", "breath"].map((name, i) => [name, this.now[i]])),
      probabilities: Object.fromEntries(EMOTIONS.map((name, i) => [name, this.now[7 + i]])),
    };
  }
}

/** Complete a frame by what follows from the rest. */
function frameOf({ a, b, ...rest }) {
  const hue = (180 * Math.atan2(b, a)) / Math.PI;
  const chroma = Math.hypot(a, b);
  const tension = Math.min(1, 1.8 * Math.max(0, -rest.valence) * Math.max(0, rest.arousal));
  const colour = (lightness, share = 1, turn = 0, alpha = 1) => {
    const l = lightness + rest.shade * lightness;
    // Near black and near white there is no room for much colour.
    const room = Math.min(1, 2.6 * l, 2.6 * (1 - l));
    return `oklch(${l.toFixed(4)} ${(chroma * share * room).toFixed(4)} ${(hue + turn).toFixed(1)} / ${alpha.toFixed(3)})`;
  };
  return { ...rest, hue, chroma, tension, colour };
}
