// Help where something is the matter: the report for a bug report, seen before it is saved, and safe mode.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { button } from "./teach_parts.js";

const FILE = "soundit-report.txt";
const PATIENCE_MS = 110_000; // longer than a small box that is busy takes

/** The report: made when it is asked for, shown, and saved exactly as it was shown. */
class Report {
  constructor(device) {
    this.device = device;
    this.make = button(t("Make the report"), () => this.show());
    this.save = element("a", "button primary", t("Save"));
    Object.assign(this.save, { download: FILE, hidden: true });
    this.said = element("p", "quiet");
    this.said.setAttribute("role", "status");
    this.text = element("pre", "report");
    Object.assign(this.text, { hidden: true, tabIndex: 0 });
    this.text.setAttribute("aria-label", t("The report"));
    this.root = element("section", "",
      element("h3", "", t("Report")),
      element("p", "", t("What is asked for where something does not work: versions, what the device finds at itself, counters, and the end of the log. Names of people, files and networks, secrets and what was played are not in it.")),
      element("p", "buttons", this.make, this.save), this.said, this.text);
  }

  async show() {
    this.make.disabled = true;
    setText(this.said, t("The device looks at itself; this takes some seconds."));
    try {
      const { text: report } = await this.device.ask("GET", "/api/report", undefined, { timeout: PATIENCE_MS });
      this.forget();
      this.text.textContent = report;
      this.save.href = URL.createObjectURL(new Blob([report], { type: "text/plain" }));
      this.text.hidden = this.save.hidden = false;
      setText(this.said, t("Look it through before you give it to anybody. It is sent nowhere."));
    } catch (refusal) {
      setText(this.said, refusal.message);
    }
    this.make.disabled = false;
  }

  forget() {
    if (this.save.href) URL.revokeObjectURL(this.save.href);
  }
}

/** Safe mode: whether the device is in it, and the way in or out. */
class SafeMode {
  constructor(device) {
    this.device = device;
    this.now = element("p");
    this.now.setAttribute("role", "status");
    this.change = button("", () => this.ask());
    this.trouble = element("p", "trouble");
    this.trouble.setAttribute("role", "alert");
    this.root = element("section", "",
      element("h3", "", t("Safe mode")),
      element("p", "", t("Music and page only: nothing is sensed, no models, no connections. Your settings stay as they are. It ends with the next start.")),
      this.now, element("p", "buttons", this.change), this.trouble);
  }

  show({ safe_mode: safe, t: seconds }) {
    const again = this.asked !== undefined && (safe === this.asked || seconds < this.since);
    if (again) this.asked = undefined;
    this.safe = safe;
    this.seconds = seconds;
    this.change.hidden = safe === null || this.asked !== undefined;
    setText(this.change, safe ? t("Leave safe mode") : t("Start in safe mode"));
    if (this.asked !== undefined) setText(this.now, t("The device starts again; the page comes back by itself."));
    else if (safe === null) setText(this.now, t("Safe mode is for a device that its system starts; this one was started by hand."));
    else setText(this.now, safe ? t("Safe mode is on.") : t("Safe mode is off."));
  }

  async ask() {
    setText(this.trouble, "");
    const on = !this.safe;
    try {
      await this.device.ask("PUT", "/api/safe_mode", { on });
      Object.assign(this, { asked: on, since: this.seconds });
      this.show({ safe_mode: this.safe, t: this.seconds });
    } catch (refusal) {
      setText(this.trouble, refusal.message);
    }
  }
}

/** Fill in the view. */
export function open(root, device) {
  const report = new Report(device);
  const safeMode = new SafeMode(device);
  root.append(element("h2", "", t("Help")), report.root, safeMode.root);
  const end = device.onStatus((status) => safeMode.show(status));
  return () => {
    end();
    report.forget();
  };
}
