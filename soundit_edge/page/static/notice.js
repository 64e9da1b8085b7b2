// The notice in the page's head: whether emotions are recognised now. It leads to the view of privacy.

import { setText } from "./dom.js";
import { t } from "./language.js";

function said(privacy) {
  const open = privacy.camera_open || privacy.microphone_open;
  if (privacy.private) return open ? t("Private: camera and microphone are being closed") : t("Private: nothing is seen or heard");
  return open ? t("Emotion recognition is on") : t("Nothing is seen or heard");
}

export class Notice {
  /** @param {HTMLElement} link that says it */
  constructor(link) {
    this.link = link;
  }

  show(privacy) {
    setText(this.link, said(privacy));
    this.link.classList.toggle("off", !privacy.camera_open && !privacy.microphone_open);
  }

  /** Nobody knows what the device does now. */
  lose() {
    setText(this.link, t("Not connected"));
    this.link.classList.add("off");
  }
}
