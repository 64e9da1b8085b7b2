// Colour fields, after Mark Rothko: soft-edged panes that hang before a ground, painted in thin layers, and breathe with
// the bar. Arousal parts them from the ground, tension frays their edges.

import { Shader } from "../kiosk/shader.js";

const FIELDS = `
float edge, fray;
/* How much of a pane covers a place: 0 outside, 1 inside, with a wide, uneven rim. */
float pane(vec2 p, vec2 middle, vec2 half_size, float id) {
  vec2 wander = vec2(fbm(p * 3. + id * 7.), fbm(p * 3. + id * 7. + 40.)) - .5;
  wander += fray * (vec2(noise(p * vec2(9., 26.) + id + .3 * flow), noise(p * vec2(26., 9.) - id - .3 * flow)) - .5);
  vec2 d = abs(p - middle + edge * wander) - half_size;
  float outside = length(max(d, 0.)) + min(max(d.x, d.y), 0.);
  return smoothstep(edge, -edge, outside);
}
/* Thin layers of paint, brushed across. */
float layers(vec2 p, float id) {
  float brush = fbm(vec2(p.x * 2.2, p.y * 13.) + id * 11. + .05 * flow);
  float cloud = fbm(p * 1.6 + id * 5. - .03 * flow);
  return .55 * cloud + .45 * brush;
}
void main() {
  vec2 p = (gl_FragCoord.xy - .5 * size) / min(size.x, size.y);
  vec2 whole = .5 * size / min(size.x, size.y);
  float stir = .5 + .5 * arousal, pleasant = .5 + .5 * valence;
  edge = mix(.075, .035, stir);
  fray = 1.6 * tension;
  float swell = (.012 + .012 * level) * breath + .006 * beat;
  float wide = whole.x - .17 + swell;
  float split = mix(.12, -.1, fract(seed)) + .05 * sin(.045 * flow + seed);
  float gap = .028;
  vec2 upper = vec2(split + gap, whole.y - .1), lower = vec2(-whole.y + .1, split - gap);
  float band = .085 + .02 * sin(.06 * flow + 2. * seed);

  float ground = mix(.13, .3, pleasant) + .05 * (layers(p, 1.) - .5);
  vec3 rgb = colour(ground, .9, -16. + 14. * (layers(p, 2.) - .5));
  float part = mix(.16, .3, stir);
  float a = pane(p, vec2(0., .5 * (upper.x + upper.y)), vec2(wide, .5 * (upper.y - upper.x) + swell), seed);
  float tone = ground + part + .1 * pleasant + .17 * (layers(p, 3.) - .5) + .025 * breath;
  rgb = mix(rgb, colour(tone, 1.15, 10. + 46. * (layers(p + 3., 3.) - .5)), .94 * a);
  float b = pane(p, vec2(0., .5 * (lower.x + band + lower.y)), vec2(wide, .5 * (lower.y - lower.x - band) + swell), seed + 1.);
  tone = ground + mix(-.05, .22, pleasant) + .13 * (layers(p, 4.) - .5) + .02 * breath;
  rgb = mix(rgb, colour(tone, 1.1, -38. + 46. * (layers(p + 5., 4.) - .5)), .92 * b);
  float c = pane(p, vec2(0., lower.x + .35 * band), vec2(wide - .015, .32 * band + .5 * swell), seed + 2.);
  tone = ground + part + mix(.12, .3, pleasant) + .12 * (layers(p, 5.) - .5) + .05 * level;
  rgb = mix(rgb, colour(tone, .85, 30. + 20. * (layers(p, 6.) - .5)), .85 * c);
  paint(rgb);
}`;

export function setup(canvas, random) {
  return new Shader(canvas, FIELDS, 10 * random());
}

export function draw(fields, frame) {
  fields.draw(frame);
}

export function end(fields) {
  fields.end();
}
