// The first run: in a few steps, each of which can be left out, the device gets to know its room.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { control, pickers } from "./setting.js";

const PATH = "/api/settings";
const tree = (path, value) => path.reduceRight((inner, key) => ({ [key]: inner }), value);

/** A step: its title, what it is about, and which setting it asks for. */
const steps = () => [
  {
    title: t("Welcome"),
    text: t("This device feels the mood of the room and bends its music to it. A few questions, and it knows where it is; each of them can be left out."),
  },
  { title: t("Which room is it in?"), text: t("The page shows the name, and so you know which device is which."), asks: "device.room" },
  { title: t("What it sees"), text: t("Pictures are read in memory and never leave this device. Without a camera it shows a drawn demo."), asks: "device.camera" },
  { title: t("What it hears"), text: t("It hears how people speak, not what they say. No sound is stored or sent."), asks: "device.microphone" },
  { title: t("Where it plays"), text: t("The speaker that the music comes from."), asks: "device.speaker" },
  {
    title: t("What it plays"),
    text: t("A short theme, music composed for the room, or tracks of your own from a folder or a USB stick."),
    asks: "music.play",
    link: ["#library", t("Add your own music")],
  },
  {
    title: t("Say that it is on"),
    text: t("Whoever comes into the room should know that emotions are recognised here. The notice can be shown in full and printed."),
    link: ["/notice", t("Show the notice")],
  },
];

class Guide {
  constructor(root, device, settings, made) {
    Object.assign(this, { root, device, settings, made, steps: steps(), at: 0 });
    this.progress = element("p", "progress", ...this.steps.map(() => element("span")));
    this.progress.setAttribute("role", "img");
    this.title = element("h2");
    this.title.tabIndex = -1;
    this.body = element("div", "step");
    this.said = element("p", "trouble");
    this.said.setAttribute("role", "alert");
    this.back = this.button(t("Back"), () => this.go(this.at - 1));
    this.next = this.button(t("Next"), () => this.go(this.at + 1));
    this.next.classList.add("next");
    this.leave = this.button(t("Not now"), () => this.finish());
    root.append(this.progress, this.title, this.body, this.said, element("p", "steps", this.back, this.next, this.leave));
    this.show();
  }

  button(title, act) {
    const button = element("button", "button", title);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }

  go(step) {
    if (step >= this.steps.length) return this.finish();
    this.at = Math.max(0, step);
    this.show();
    return this.title.focus();
  }

  show() {
    const step = this.steps[this.at];
    const last = this.at === this.steps.length - 1;
    [...this.progress.children].forEach((dot, i) => dot.classList.toggle("done", i <= this.at));
    this.progress.setAttribute("aria-label", t("Step {step} of {steps}", { step: this.at + 1, steps: this.steps.length }));
    setText(this.title, step.title);
    setText(this.said, "");
    setText(this.next, t(last ? "Done" : "Next"));
    this.back.hidden = this.at === 0;
    this.leave.hidden = last;
    this.body.replaceChildren(element("p", "", step.text));
    if (step.asks) this.ask(this.settings.get(step.asks));
    if (step.link) {
      const link = element("a", "button", step.link[1]);
      link.href = step.link[0];
      this.body.append(element("p", "", link));
    }
  }

  ask(setting) {
    const own = this.made[setting.path.join(".")];
    if (own) {
      this.body.append(own(this.device).root);
      return;
    }
    const made = control(setting);
    made.input.setAttribute("aria-label", t(setting.about.title));
    made.show(setting.value);
    const kept = element("p", "quiet");
    kept.setAttribute("role", "status");
    made.root.addEventListener("change", async () => {
      try {
        this.settings = byName(await this.device.ask("PATCH", PATH, { changes: tree(setting.path, made.value()) }));
        setText(kept, this.settings.get(setting.path.join(".")).waits ? t("Kept; it counts from the next start on.") : t("Kept."));
        setText(this.said, "");
      } catch (refusal) {
        setText(this.said, refusal.message);
      }
    });
    this.body.append(made.root, kept);
  }

  async finish() {
    try {
      await this.device.ask("PATCH", PATH, { changes: { page: { welcomed: true } } });
      location.hash = "";
    } catch (refusal) {
      setText(this.said, refusal.message);
    }
  }
}

const byName = (picture) =>
  new Map(picture.tables.flatMap((table) => table.settings).map((setting) => [setting.path.join("."), setting]));

/** Fill in the view. */
export async function open(root, device) {
  try {
    await begin(root, device);
  } catch (refusal) {
    root.replaceChildren(element("p", "trouble", refusal.message));
  }
}

async function begin(root, device) {
  new Guide(root, device, byName(await device.ask("GET", PATH)), pickers());
}
