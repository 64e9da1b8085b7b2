// One quiet line on the first screen while better models are ready or on their way. It leads to the view of the models.

import { setText } from "../dom.js";
import { percent } from "../format.js";
import { t } from "../language.js";

const STATES = {
  ready: () => t("Better models are ready"),
  fetching: () => t("Better models are being fetched"),
  checking: () => t("Better models are being checked"),
  watching: () => t("Better models are being tried"),
};

export class UpdateLine {
  /** @param {HTMLElement} root a paragraph with a link in it */
  constructor(root) {
    Object.assign(this, { root, link: root.querySelector("a") });
  }

  show({ state, share }) {
    const said = STATES[state]?.() ?? "";
    this.root.hidden = !said;
    setText(this.link, share === null || !said ? said : `${said}: ${percent(share)}`);
  }
}
