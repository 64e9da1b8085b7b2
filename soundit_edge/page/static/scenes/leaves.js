// Light through leaves, as it falls on a wall: the gaps between the leaves throw round pictures of the sun, near ones
// sharp and far ones soft, and the wind moves them. Where the room is tense the gaps are slits.

import { Shader } from "../kiosk/shader.js";

const LEAVES = `
/* One tree's worth of gaps: light at a place. */
float gaps(vec2 p, float radius, float soft, float id) {
  float sum = 0.;
  vec2 cell = floor(p);
  for (int y = -1; y <= 1; y++) for (int x = -1; x <= 1; x++) {
    vec2 there = cell + vec2(x, y);
    vec2 chance = hash2(there + 31. * id), more = hash2(there + 57. + id);
    if (more.y < .3) continue;
    vec2 sway = .22 * sin(vec2(.7, .9) * flow * (.4 + more.x) + 6.28 * chance);
    vec2 d = p - there - .15 - .7 * chance - sway;
    if (tension > .01) {
      float angle = 6.28 * more.y;
      d = mat2(cos(angle), sin(angle), -sin(angle), cos(angle)) * d * mix(1., .55, tension);
      d.y *= mix(1., 3.8, tension);
    }
    float r = radius * (.45 + .75 * more.x);
    sum += smoothstep(r + soft, r - soft, length(d)) * (.5 + .5 * chance.x);
  }
  return sum;
}
void main() {
  vec2 p = (gl_FragCoord.xy - .5 * size) / size.y;
  float stir = .5 + .5 * arousal, pleasant = .5 + .5 * valence;
  float wind = mix(.03, .11, stir);
  vec2 gust = wind * (vec2(fbm(.7 * p + .16 * flow + seed), fbm(.7 * p - .13 * flow + seed + 9.)) - .5);
  p += 2.4 * gust + vec2(.008, -.012) * beat;
  vec2 slant = mat2(.94, .34, -.34, .94) * p;
  /* Boughs: whole parts of the crown that let little through. */
  float crown = smoothstep(.3, .66, fbm(1.5 * slant + vec2(seed, .04 * flow)));
  crown = mix(.1, 1.25, crown);
  float far = 1.8 * gaps(3.1 * slant + seed, .44, .28, 1.);
  float mid = gaps(5.4 * slant + 2. * seed + 4. * gust, .34, .1, 3.);
  float near = gaps(9.5 * slant - seed + 7. * gust, .27, .045, 4.);
  float light = crown * (.3 * far + .34 * mid + .2 * near);
  light = 1. - exp(-1.45 * light);
  light *= .88 + .12 * breath * level + .05 * beat;
  float wall = mix(.12, .2, pleasant) + .02 * (fbm(22. * p) - .5) + .05 * (.5 - p.y) * .6;
  float bright = wall + mix(.44, .64, pleasant) * light;
  float turn = mix(-26., 16., smoothstep(0., .75, light)) + 30. * (fbm(2. * p + 30.) - .5);
  paint(colour(bright, mix(1.05, .8, light), turn));
}`;

export function setup(canvas, random) {
  return new Shader(canvas, LEAVES, 10 * random());
}

export function draw(leaves, frame) {
  leaves.draw(frame);
}

export function end(leaves) {
  leaves.end();
}
