// Where the music is between two pictures of the device: it goes on as it did.

/** The shortest time between two pulses: two a second cannot be the third flash of one (WCAG 2.2, 2.3.1). */
export const MIN_PULSE_S = 0.5;
const RISE_S = 0.08;
const FALL_S = 0.28;
const WEAK = 0.65; // of a pulse that does not begin a bar

/**
 * Say where the music is.
 *
 * @param {{beat: number, beats: number, phase: number, beat_s: number, moving: boolean} | undefined} pulse as it arrived
 * @param {number} seconds since it did
 * @returns {{bar: number | null, beat: number}} the place in the bar, 0 to 1, null where the music stands still; and how
 *   strongly the beat is felt, 0 to 1
 */
export function beatAt(pulse, seconds) {
  if (!pulse?.moving || !(pulse.beat_s > 0)) return { bar: null, beat: 0 };
  const beats = Math.max(1, pulse.beats);
  const at = (pulse.beat + pulse.phase + seconds / pulse.beat_s) % beats;
  const bar = at / beats;
  const every = pulse.beats ? pulseEvery(pulse.beats, pulse.beat_s) : 0;
  if (!every) return { bar, beat: 0 };
  const since = (at % every) * pulse.beat_s;
  const strength = Math.min(1, since / RISE_S) * Math.exp(-Math.max(0, since - RISE_S) / FALL_S);
  return { bar, beat: at < every ? strength : WEAK * strength };
}

/** Return how many beats lie between two pulses, so that they part a bar evenly; 0: even bars come too fast. */
function pulseEvery(beats, beat_s) {
  for (let every = 1; every <= beats; every++) {
    if (beats % every === 0 && every * beat_s >= MIN_PULSE_S) return every;
  }
  return 0;
}
