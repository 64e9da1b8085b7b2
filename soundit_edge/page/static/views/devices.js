// Camera, microphone and speaker: which one is used, with a test of each. The pickers can be put anywhere.

import { element, setText } from "../dom.js";
import { signed } from "../format.js";
import { t } from "../language.js";
import { fillBar } from "../widgets.js";

const CHOOSE_MS = 60000; // a speaker or a camera may take its time to open
const SIGHT_MS = 200;
const LEVEL_MS = 150;
const AGAIN_MS = 2000;
const FLOOR_DB = -60;
const SNAPCAST = "snapcast:";

/** Ask for the devices; pickers that are made together share one answer. */
let asked = null;
function found(device) {
  asked ??= device.ask("GET", "/api/devices", undefined, { timeout: CHOOSE_MS }).finally(() => setTimeout(() => (asked = null), 1000));
  return asked;
}

/** Call `look` again and again while an element is in the document and seen; less often while it fails. */
function poll(root, every, look) {
  let was = false;
  let waited = 0;
  const step = async () => {
    if (root.isConnected) was = true;
    else if (was || ++waited > 100) return;
    const failed = root.isConnected && !document.hidden && (await look()) === false;
    setTimeout(step, failed ? AGAIN_MS : every);
  };
  setTimeout(step);
}

let made = 0;

function field(title, options) {
  const input = element("input");
  Object.assign(input, { id: `server-${++made}`, spellcheck: false, autocapitalize: "off", ...options });
  const label = element("label", "label", title);
  label.htmlFor = input.id;
  return [label, input];
}

/** Ask for what no list has, and hand over what chooses it. */
function serverForm(fields, button, chosen) {
  const form = element("form", "server", ...fields.flat(), element("button", "button", button));
  form.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    chosen(...fields.map(([, input]) => input.value.trim()));
  });
  return form;
}

/** Ask for the address of a Snapcast server. */
function snapcastForm(choose) {
  const address = field(t("Name or address of the Snapcast server"), { required: true, maxLength: 150 });
  return serverForm([address], t("Play in its rooms"), (server) => choose(SNAPCAST + server));
}

/** Ask for the address of a camera in the network, and for the login that it asks for. */
function cameraForm(choose) {
  const fields = [
    field(t("Address of the camera"), { required: true, maxLength: 500, type: "url", placeholder: "rtsp://example.org/stream1", pattern: "(rtsps?|https?)://.+" }),
    field(t("User name, where it asks for one"), { maxLength: 100, autocomplete: "off" }),
    field(t("Password"), { maxLength: 100, type: "password", autocomplete: "new-password" }),
  ];
  return serverForm(fields, t("Look through this camera"), (address, user, password) => {
    const login = user || password ? `${encodeURIComponent(user)}:${encodeURIComponent(password)}@` : "";
    choose(address.replace("://", `://${login}`));
  });
}

/** What is behind the last choice of a picker, by its kind: what the choice is called, and what asks for the rest. */
const ELSEWHERE = {
  camera: () => [t("A camera in the network…"), cameraForm],
  speaker: () => [t("Rooms of a Snapcast server…"), snapcastForm],
};
const OTHER = "elsewhere:";

function nameOf(name) {
  if (name.startsWith(SNAPCAST)) return t("Rooms of the Snapcast server {server}", { server: name.slice(SNAPCAST.length) });
  if (name.includes("://")) return t("The camera at {host}", { host: new URL(name.replace(/^rtsps?:/, "http:")).host });
  return t("{name} (not connected)", { name });
}

function picker(device, kind, title, auto, test) {
  const select = element("select");
  select.id = `picker-${++made}`;
  select.disabled = true;
  const label = element("label", "label", title);
  label.htmlFor = select.id;
  const trouble = element("p", "trouble");
  trouble.setAttribute("role", "alert");
  const [other, form] = ELSEWHERE[kind]?.() ?? [];
  const server = form?.((name) => choose(name));
  const root = element("div", `picker ${kind}`, label, select, ...(server ? [server] : []), trouble, test);
  let chosen = "";
  let devices = [];

  const fill = () => {
    const rows = [["auto", auto], ...devices.map((one) => [one.name, one.title]), ["off", t("None")]];
    if (server) rows.push([OTHER, other]);
    if (!rows.some(([value]) => value === chosen)) rows.splice(1, 0, [chosen, nameOf(chosen)]);
    select.replaceChildren(
      ...rows.map(([value, text]) => {
        const option = element("option", "", text);
        option.value = value;
        option.selected = value === chosen;
        return option;
      }),
    );
    select.disabled = !device.may("admin");
  };
  const refresh = async () => {
    try {
      ({ chosen, found: devices } = (await found(device))[kind]);
      fill();
    } catch (refusal) {
      setText(trouble, refusal.message);
    }
  };
  const choose = async (name) => {
    select.disabled = true;
    setText(trouble, "");
    try {
      // The device says it without what is secret in it.
      ({ name: chosen } = await device.ask("PUT", `/api/devices/${kind}`, { name }, { timeout: CHOOSE_MS }));
      if (server) server.hidden = true;
    } catch (refusal) {
      setText(trouble, refusal.message);
    }
    fill();
    const asking = server && !server.hidden;
    if (asking) select.value = OTHER;
    (asking ? server.querySelector("input") : select).focus();
  };
  select.addEventListener("change", () => {
    const asking = select.value === OTHER;
    if (server) server.hidden = !asking;
    if (asking) server.querySelector("input").focus();
    else choose(select.value);
  });
  refresh();
  return root;
}

/** Choose the camera, and see what the device finds in its picture: faces and bodies, drawn as lines. */
export function cameraPicker(device) {
  const canvas = element("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", t("Faces and bodies that the device finds"));
  const said = element("p", "said");
  const root = picker(device, "camera", t("Camera"), t("The first one"), element("div", "test", canvas, said));
  poll(root, SIGHT_MS, async () => {
    const { private: closed, public_place } = device.status?.privacy ?? {};
    let sight = { age_s: null, width: 0, height: 0, figures: [] };
    let words = public_place ? t("In a public place nobody is shown what the camera finds.") : t("Nothing is seen.");
    let failed = false;
    if (!closed && !public_place) {
      try {
        sight = await device.ask("GET", "/api/sight");
        words = seen(sight);
      } catch (refusal) {
        words = refusal.message;
        failed = true;
      }
    }
    draw(canvas, sight);
    setText(said, words);
    return !failed;
  });
  return root;
}

function seen({ age_s, figures }) {
  if (age_s === null) return t("Nothing is seen.");
  const count = (kind) => figures.filter((figure) => figure.kind === kind).length;
  return t("Faces: {faces}. Bodies: {bodies}.", { faces: count("face"), bodies: count("body") });
}

function draw(canvas, { width, height, figures }) {
  const scale = devicePixelRatio;
  canvas.style.aspectRatio = width && height ? `${width} / ${height}` : "4 / 3";
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(canvas.clientHeight * scale);
  const pen = canvas.getContext("2d");
  pen.strokeStyle = getComputedStyle(canvas).color;
  pen.lineJoin = pen.lineCap = "round";
  const at = ([x, y]) => [x * canvas.width, y * canvas.height];
  for (const { kind, box, lines } of figures) {
    pen.lineWidth = (kind === "body" ? 3 : 1.5) * scale;
    for (const line of lines) {
      pen.beginPath();
      for (const point of line) pen.lineTo(...at(point));
      pen.stroke();
    }
    if (kind === "body") continue;
    pen.globalAlpha = 0.5;
    pen.lineWidth = scale;
    const [left, top] = at(box);
    const [right, bottom] = at(box.slice(2));
    pen.strokeRect(left, top, right - left, bottom - top);
    pen.globalAlpha = 1;
  }
}

/** Choose the microphone, and see how loud it is there. */
export function microphonePicker(device) {
  const filled = element("span", "bar");
  const meter = element("span", "groove", filled);
  const figure = element("span", "figure-db");
  meter.setAttribute("role", "meter");
  meter.setAttribute("aria-label", t("Level at the microphone"));
  Object.assign(meter, { ariaValueMin: FLOOR_DB, ariaValueMax: 0, ariaValueNow: FLOOR_DB });
  const root = picker(device, "microphone", t("Microphone"), t("The system’s"), element("div", "test", meter, figure));
  poll(root, LEVEL_MS, async () => {
    let level = null;
    let words = t("Nothing is heard.");
    let failed = false;
    if (!device.status?.privacy.private) {
      try {
        level = (await device.ask("GET", "/api/hearing")).rms_db;
        if (level !== null) words = t("{level} dB", { level: signed(level, 0) });
      } catch (refusal) {
        words = refusal.message;
        failed = true;
      }
    }
    fillBar(filled, Math.min(1, Math.max(0, 1 - (level ?? FLOOR_DB) / FLOOR_DB)));
    meter.ariaValueNow = Math.max(FLOOR_DB, level ?? FLOOR_DB);
    meter.ariaValueText = words;
    setText(figure, words);
    return !failed;
  });
  return root;
}

/** Choose the speaker, and have a soft tone played, first on the left and then on the right. */
export function speakerPicker(device) {
  const button = element("button", "button", t("Play a test tone"));
  button.type = "button";
  const said = element("p", "said");
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await device.ask("POST", "/api/speaker/test", {});
      setText(said, t("You should hear a tone, first on the left and then on the right."));
    } catch (refusal) {
      setText(said, refusal.message);
    }
  });
  return picker(device, "speaker", t("Speaker"), t("The system’s"), element("div", "test", button, said));
}

export function open(root, device) {
  root.append(cameraPicker(device), microphonePicker(device), speakerPicker(device));
}
