// A window of stained glass with the light behind it: panes that slowly change their shapes, held by lead. Arousal makes
// them small and quick, tension breaks them into shards.

import { Shader } from "../kiosk/shader.js";

const GLASS = `
vec2 seed_of(vec2 cell) {
  vec2 chance = hash2(cell + 17.);
  return .5 + .32 * sin(.22 * flow * (.5 + chance.yx) + 6.283 * chance);
}
void main() {
  vec2 at = (gl_FragCoord.xy - .5 * size) / size.y;
  float stir = .5 + .5 * arousal, pleasant = .5 + .5 * valence;
  float angle = seed + .012 * t + .5 * tension;
  vec2 p = mat2(cos(angle), sin(angle), -sin(angle), cos(angle)) * at;
  p *= mix(vec2(1), vec2(.52, 1.5), tension);
  p = p * mix(2.6, 4.6, stir) * (1. - .012 * beat) + 3. * seed;

  /* The nearest seed, then how far the border to the next one is (Quilez); seeds keep off the rims of their cells, so
     that the next one is in a cell beside. */
  vec2 home = floor(p), near = vec2(0), to = vec2(0);
  float least = 9.;
  for (int y = -1; y <= 1; y++) for (int x = -1; x <= 1; x++) {
    vec2 step_to = vec2(x, y), r = step_to + seed_of(home + step_to) - fract(p);
    float d = dot(r, r);
    if (d < least) { least = d; near = step_to; to = r; }
  }
  float border = 9.;
  vec2 facing = vec2(0);
  for (int y = -1; y <= 1; y++) for (int x = -1; x <= 1; x++) {
    vec2 step_to = near + vec2(x, y), r = step_to + seed_of(home + step_to) - fract(p);
    vec2 away = r - to;
    if (dot(away, away) < 1e-4) continue;
    float d = dot(.5 * (to + r), normalize(away));
    if (d < border) { border = d; facing = normalize(away); }
  }
  vec2 id = home + near;
  float chance = hash(id + 5.), other = hash(id + 71.);

  /* The sun behind it wanders; every pane lets another share of it through. */
  vec2 sun = vec2(.5 * sin(.05 * t + seed), .16 + .12 * cos(.037 * t));
  float day = exp(-1.5 * dot(at - sun, at - sun));
  float cloudy = fbm(1.2 * at + .05 * flow + seed);
  float through = mix(.14, .5, chance * chance) + mix(.1, .3, pleasant) * day * (.55 + .45 * cloudy);
  through += (.06 * level + .05 * beat) * step(.72, other);
  through *= .93 + .14 * fbm(7. * at + 9. * chance) + .05 * breath * other;
  through += .05 * dot(facing, normalize(at - sun + 1e-3)) * smoothstep(.16, .03, border);
  float turn = 96. * (other - .5) + 24. * (cloudy - .5);
  vec3 pane = colour(through, 1.25 - .5 * chance, turn);
  float lead = smoothstep(.018, .036, border);
  vec3 rim = colour(.1 + .1 * day, .5, 0.);
  paint(mix(rim, pane * mix(.62, 1., smoothstep(.0, .2, border)), lead));
}`;

export function setup(canvas, random) {
  return new Shader(canvas, GLASS, 10 * random());
}

export function draw(glass, frame) {
  glass.draw(frame);
}

export function end(glass) {
  glass.end();
}
