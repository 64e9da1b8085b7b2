// Ink in water: clouds that fold into themselves (domain warping), slower and wider the quieter the room is. Where it is
// tense the clouds tear into veins.

import { Shader } from "../kiosk/shader.js";

const INK = `
void main() {
  vec2 p = (gl_FragCoord.xy - .5 * size) / size.y;
  float stir = .5 + .5 * arousal, s = .06 * flow;
  p *= mix(1.1, 1.9, stir) * (1. - .02 * beat);
  p += seed;
  float fold = mix(1.9, 3.4, stir);
  vec2 q = vec2(fbm(p + vec2(s, -.7 * s)), fbm(p + vec2(5.2 - .6 * s, 1.3 + s)));
  vec2 r = vec2(fbm(p + fold * q + vec2(1.7 - s, 9.2 + .4 * s)), fbm(p + fold * q + vec2(8.3 + .5 * s, 2.8 - s)));
  float f = fbm(p + fold * r);
  float vein = 1. - abs(2. * f - 1.);
  float cloud = smoothstep(.24, .78, f);
  cloud = mix(cloud, .75 * pow(vein, 5.) + .25 * cloud, .75 * tension);
  cloud *= .78 + .6 * smoothstep(.3, .68, r.y + .25 * (q.y - .5));
  float sheen = smoothstep(.5, .78, r.x) * smoothstep(.35, .7, q.y);
  float light = .09 + mix(.34, .42, .5 + .5 * valence) * cloud;
  light += (.19 + .06 * level + .03 * beat) * sheen * cloud;
  light *= .8 + .2 * smoothstep(1.5, .3, length(gl_FragCoord.xy / size - .5) * 2.);
  float turn = mix(1., .45, tension) * (130. * (r.y - .5) + 60. * (q.x - .5));
  paint(colour(light, .95 + .4 * sheen + .3 * q.y, turn));
}`;

export function setup(canvas, random) {
  return new Shader(canvas, INK, 20 * random());
}

export function draw(ink, frame) {
  ink.draw(frame);
}

export function end(ink) {
  ink.end();
}
