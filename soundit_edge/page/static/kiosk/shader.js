// For scenes that one fragment shader (WebGL2) paints: a triangle over the whole canvas, and the frame as uniforms.

const CORNERS = "#version 300 es\nvoid main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4. - 1., 0, 1); }";

/** What every such scene has: the frame's values, noise, and the mood's colour as `Frame.colour` has it. */
const COMMON = `#version 300 es
precision highp float;
uniform vec2 size;
uniform float t, flow, valence, arousal, tension, hue, chroma, shade, level, beat, breath, seed;
out vec4 pixel;

float hash(vec2 p) {
  vec3 q = fract(p.xyx * .1031);
  q += dot(q, q.yzx + 33.33);
  return fract((q.x + q.y) * q.z);
}
vec2 hash2(vec2 p) {
  vec3 q = fract(p.xyx * vec3(.1031, .1030, .0973));
  q += dot(q, q.yzx + 33.33);
  return fract((q.xx + q.yz) * q.zy);
}
float noise(vec2 p) {
  vec2 i = floor(p), f = fract(p);
  f = f * f * f * (f * (f * 6. - 15.) + 10.);
  vec2 x = mix(vec2(hash(i), hash(i + vec2(0, 1))), vec2(hash(i + vec2(1, 0)), hash(i + 1.)), f.x);
  return mix(x.x, x.y, f.y);
}
float fbm(vec2 p) {
  float sum = 0., share = .5;
  for (int i = 0; i < 4; i++, share *= .5) {
    sum += share * noise(p);
    p = mat2(1.6, 1.2, -1.2, 1.6) * p + 3.1;
  }
  return sum / .9375;
}
vec3 colour(float lightness, float share, float turn) {
  float l = lightness + shade * lightness;
  float c = chroma * share * min(1., 2.6 * min(l, 1. - l));
  float angle = radians(hue + turn);
  vec2 ab = c * vec2(cos(angle), sin(angle));
  vec3 cone = l + mat2x3(.3963377774, -.1055613458, -.0894841775, .2158037573, -.0638541728, -1.291485548) * ab;
  vec3 linear = mat3(4.0767416621, -1.2684380046, -.0041960863, -3.3077115913, 2.6097574011, -.7034186147,
    .2309699292, -.3413193965, 1.707614701) * (cone * cone * cone);
  linear = clamp(linear, 0., 1.);
  return mix(12.92 * linear, 1.055 * pow(linear, vec3(1. / 2.4)) - .055, step(.0031308, linear));
}
/* Paint a pixel; half a step of noise hides the edges between the steps of 8-bit colour. */
void paint(vec3 rgb) { pixel = vec4(rgb + (hash(gl_FragCoord.xy) - .5) / 170., 1); }
`;
const NAMES = ["t", "flow", "valence", "arousal", "tension", "hue", "chroma", "shade", "level", "beat", "breath"];

export class Shader {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {string} source of the fragment shader, GLSL ES 3.00 without its head: a `main` that calls `paint(rgb)`
   * @param {number} seed that it has as a uniform
   * @throws where this browser has no WebGL2, or the source is wrong
   */
  constructor(canvas, source, seed) {
    const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, powerPreference: "low-power" });
    if (!gl) throw new Error("this browser has no WebGL2");
    const program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, CORNERS], [gl.FRAGMENT_SHADER, COMMON + source]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) throw new Error(gl.getShaderInfoLog(shader));
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    Object.assign(this, { gl, places: Object.fromEntries(["size", "seed", ...NAMES].map((name) => [name, gl.getUniformLocation(program, name)])) });
    gl.uniform1f(this.places.seed, seed);
  }

  /** Paint a frame. */
  draw(frame) {
    const { gl, places } = this;
    gl.viewport(0, 0, frame.width, frame.height);
    gl.uniform2f(places.size, frame.width, frame.height);
    for (const name of NAMES) gl.uniform1f(places[name], frame[name]);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Give the graphics memory back. */
  end() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
