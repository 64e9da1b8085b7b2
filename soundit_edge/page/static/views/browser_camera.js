// This browser's camera: its pictures go to the device one at a time, as JPEG, and are looked at there in memory.

import { ask } from "../api.js";
import { t } from "../language.js";

const WIDTH = 640;
const PERIOD_MS = 100;
const QUALITY = 0.8;

export class BrowserCamera {
  /** @param {HTMLVideoElement} video where the user sees themselves */
  constructor(video) {
    this.video = video;
    this.canvas = document.createElement("canvas");
    this.stream = null;
    this.wanted = false;
    this.trouble = "";
  }

  async start() {
    if (this.wanted) return;
    this.wanted = true;
    this.trouble = "";
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: WIDTH } }, audio: false });
      if (!this.wanted) return release(stream);
      this.stream = stream;
      this.video.srcObject = stream;
      await this.video.play();
      while (this.stream === stream) await this.send();
    } catch (error) {
      this.trouble = error.name === "NotAllowedError" ? t("The browser does not let this page use its camera.") : t("The browser’s camera cannot be used.");
    }
  }

  /** Send one picture, and wait until the next is due. */
  async send() {
    const due = new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    const { videoWidth: width, videoHeight: height } = this.video;
    if (width > 0 && !document.hidden) {
      const scale = Math.min(1, WIDTH / width);
      Object.assign(this.canvas, { width: Math.round(scale * width), height: Math.round(scale * height) });
      this.canvas.getContext("2d").drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
      const jpeg = await new Promise((resolve) => this.canvas.toBlob(resolve, "image/jpeg", QUALITY));
      // One that is refused is one picture less: how many came is shown.
      if (jpeg && this.stream) await ask("POST", "/api/own/frame", jpeg).catch(() => null);
    }
    await due;
  }

  stop() {
    this.wanted = false;
    release(this.stream);
    this.stream = this.video.srcObject = null;
  }
}

function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
