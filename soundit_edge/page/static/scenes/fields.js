// Colour fields, after Mark Rothko: soft-edged panes that hang before a ground, painted in thin layers, and breathe with
// the bar. Arousal parts them from the ground, tension frays their edges.

import { Shader } from "../kiosk/shader.js";

const FIELDS = `
float edge, fray;
/* How much of a pane covers a place: 0 outside, 1 inside, with a wide, uneven rim. */
float pane(vec2 p, vec2 middle, vec2 half_size, float id) {
  vec2 wander = vec2(noise(p * 4. + id * 7.), noise(p * 4. + id * 7. + 40.)) - .5;
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

  float base = mix(.13, .3, pleasant), paint_1 = layers(p, 1.) - .5, paint_2 = layers(p, 3.) - .5;
  float ground = base + .05 * paint_1;
  vec3 rgb = colour(ground, .9, -16. - 14. * paint_2);
  float part = mix(.16, .3, stir);
  float a = pane(p, vec2(0., .5 * (upper.x + upper.y)), vec2(wide, .5 * (upper.y - upper.x) + swell), seed);
  float tone = ground + part + .1 * pleasant + .17 * paint_2 + .025 * breath;
  rgb = mix(rgb, colour(tone, 1.15, 10. + 46. * paint_1), .94 * a);
  float b = pane(p, vec2(0., .5 * (lower.x + band + lower.y)), vec2(wide, .5 * (lower.y - lower.x - band) + swell), seed + 1.);
  float paint_3 = layers(p, 4.) - .5;
  tone = ground + mix(-.05, .22, pleasant) + .13 * paint_3 + .02 * breath;
  rgb = mix(rgb, colour(tone, 1.1, -38. + 46. * paint_1), .92 * b);
  float c = pane(p, vec2(0., lower.x + .35 * band), vec2(wide - .015, .32 * band + .5 * swell), seed + 2.);
  tone = ground + part + mix(.12, .3, pleasant) + .12 * paint_1 + .05 * level;
  rgb = mix(rgb, colour(tone, .85, 30. + 20. * paint_3), .85 * c);
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
