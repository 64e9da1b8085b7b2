// The views of the page: which there are, whom they are for, and which one is seen. Each is a module that is loaded when
// it is first opened.

import { element } from "./dom.js";
import { t } from "./language.js";

/**
 * A view's module exports `open(root, device)`, which fills an empty <section> and may return a function that is called
 * when the view is left. `device` is the `Device` of device.js.
 *
 * @typedef {{name: string, title: string, role: string, load: (() => Promise<any>) | null}} View
 */

/** @type {View[]} In the order of the bar; `now` is in the document itself. One that is `aside` is not in the bar. */
export const VIEWS = [
  { name: "now", title: "Now", role: "viewer", load: null },
  { name: "play", title: "Play", role: "viewer", load: () => import("./views/play.js") },
  { name: "evening", title: "Evening", role: "viewer", load: () => import("./views/evening.js") },
  { name: "try", title: "Try it", role: "operator", load: () => import("./views/try.js") },
  { name: "models", title: "Models", role: "viewer", load: () => import("./views/models.js") },
  { name: "privacy", title: "Privacy", role: "viewer", load: () => import("./views/privacy.js") },
  { name: "devices", title: "Devices", role: "admin", aside: true, load: () => import("./views/devices.js") },
  { name: "house", title: "House", role: "operator", load: () => import("./views/house.js") },
  { name: "settings", title: "Settings", role: "admin", load: () => import("./views/settings.js") },
  { name: "account", title: "Account", role: "viewer", load: () => import("./views/account.js") },
  { name: "wall", title: "Wall", role: "viewer", load: () => import("./views/wall.js") },
  { name: "help", title: "Help", role: "admin", aside: true, load: () => import("./views/help.js") },
  { name: "first", title: "First run", role: "admin", aside: true, load: () => import("./views/first.js") },
];

const named = () => VIEWS.find((view) => view.name === location.hash.slice(1)) ?? VIEWS[0];

/** Show the bar of views, and the view that the address names. */
export class Views {
  /**
   * @param {HTMLElement} bar
   * @param {HTMLElement} now the view that is in the document
   * @param {HTMLElement} root where the others are filled in
   * @param {import("./device.js").Device} device
   */
  constructor(bar, now, root, device) {
    Object.assign(this, { bar, now, root, device, close: null, turn: 0 });
    this.links = VIEWS.map((view) => {
      const link = element("a", "", t(view.title));
      link.href = `#${view.name}`;
      return link;
    });
    bar.append(...this.links);
    bar.hidden = VIEWS.length < 2;
    addEventListener("hashchange", () => this.show(named()));
    device.onRole(() => this.showLinks());
    this.show(named());
  }

  showLinks() {
    VIEWS.forEach((view, i) => (this.links[i].hidden = view.aside || !this.device.may(view.role)));
  }

  async show(view) {
    const turn = ++this.turn;
    this.close?.();
    this.close = null;
    VIEWS.forEach((one, i) => (this.links[i].ariaCurrent = one === view ? "page" : null));
    document.body.dataset.view = view.name;
    this.now.hidden = view.load !== null;
    this.root.hidden = view.load === null;
    this.root.replaceChildren();
    if (view.load === null) return;
    const section = element("section", view.name);
    section.setAttribute("aria-label", t(view.title));
    const { open } = await view.load();
    if (turn !== this.turn) return; // another one was asked for meanwhile
    this.root.append(section);
    this.close = (await open(section, this.device)) ?? null;
  }
}
