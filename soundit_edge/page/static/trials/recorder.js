// The browser's own camera and microphone: a picture, or ten seconds of film or sound.

import { Refusal } from "../api.js";
import { element, setText } from "../dom.js";
import { t } from "../language.js";

const SECONDS = 10;
const TYPES = ["video/webm;codecs=vp8,opus", "video/mp4", ""];

/** Why camera and microphone cannot be used here at all; "" where they can. */
export function objection() {
  if (navigator.mediaDevices?.getUserMedia) return "";
  return t(
    "A browser lends camera and microphone only over HTTPS, or on the device itself: switch HTTPS on in the settings, or choose a file.",
  );
}

/** Open camera and microphone, or the microphone alone where there is no camera. */
async function open(constraints) {
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (error) {
    if (error.name === "NotFoundError" && constraints.video && constraints.audio) return open({ audio: true });
    if (error.name === "NotFoundError") throw new Refusal(t("The browser finds no camera and no microphone here."));
    if (error.name === "NotAllowedError") {
      throw new Refusal(t("The browser was not allowed to use them: allow it beside the page’s address, or choose a file."));
    }
    throw new Refusal(t("Camera or microphone cannot be opened: does another program use them?"));
  }
}

function stop(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** A panel with what the camera sees, a button that takes it, and one that closes it. */
export class Recorder {
  #stream = null;
  #turn = 0; // of what was asked for last

  /**
   * @param {HTMLElement} root an empty element
   * @param {(file: File) => void} take is given what was taken
   */
  constructor(root, take) {
    this.root = root;
    this.take = take;
    this.seen = element("video");
    Object.assign(this.seen, { muted: true, autoplay: true, playsInline: true });
    this.seen.setAttribute("aria-label", t("What the camera sees"));
    this.shutter = element("button", "button");
    this.closer = element("button", "button", t("Close the camera"));
    for (const button of [this.shutter, this.closer]) button.type = "button";
    this.closer.addEventListener("click", () => this.close());
    root.append(this.seen, element("p", "buttons", this.shutter, this.closer));
    root.hidden = true;
  }

  /** Look through the camera, and take a picture when the user says so. */
  async picture() {
    await this.#begin({ video: true }, t("Take it"), () => this.#shoot());
  }

  /** Look through the camera and listen, and record ten seconds when the user says so. */
  async film() {
    await this.#begin({ video: true, audio: true }, t("Record now"), () => this.#record());
  }

  /** Let go of camera and microphone. */
  close() {
    this.#turn++;
    stop(this.#stream);
    this.#stream = null;
    this.seen.srcObject = null;
    this.root.hidden = true;
  }

  async #begin(constraints, words, act) {
    this.close();
    const turn = this.#turn;
    const stream = await open(constraints);
    if (turn !== this.#turn) return stop(stream); // the visitor has left while the browser asked
    this.#stream = stream;
    this.seen.hidden = this.#stream.getVideoTracks().length === 0;
    this.seen.srcObject = this.#stream;
    setText(this.shutter, words);
    this.shutter.disabled = true; // until the camera has shown something that can be taken
    this.shutter.onclick = act;
    this.root.hidden = false;
    const ready = () => {
      if (turn !== this.#turn) return;
      this.shutter.disabled = false;
      this.shutter.focus();
    };
    if (this.seen.hidden) ready();
    else this.seen.addEventListener("loadeddata", ready, { once: true });
  }

  #shoot() {
    const canvas = element("canvas");
    [canvas.width, canvas.height] = [this.seen.videoWidth, this.seen.videoHeight];
    canvas.getContext("2d").drawImage(this.seen, 0, 0);
    this.close();
    canvas.toBlob((blob) => blob && this.take(new File([blob], t("picture.jpg"))), "image/jpeg", 0.92);
  }

  #record() {
    const stream = this.#stream;
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one)) ?? "";
    const recorder = new MediaRecorder(stream, this.seen.hidden || !type ? {} : { mimeType: type });
    const pieces = [];
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.onstop = () => {
      const whole = this.#stream === stream; // else it was closed in the middle
      clearInterval(counting);
      if (!whole) return;
      this.close();
      this.take(new File(pieces, t("recording")));
    };
    recorder.start();
    this.shutter.disabled = true;
    let left = SECONDS;
    const count = () => {
      setText(this.shutter, t("{seconds} s left", { seconds: left }));
      if (left-- <= 0) recorder.stop();
    };
    const counting = setInterval(count, 1000);
    count();
  }
}
