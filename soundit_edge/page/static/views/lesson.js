// A lesson: record takes with a countdown, learn from them, try what was learnt beside the shipped model, keep or discard.

import { element, setText } from "../dom.js";
import { t } from "../language.js";
import { BrowserCamera } from "./browser_camera.js";
import { button, goodness, percent } from "./teach_parts.js";

/** How often what was shown (row) was called what (column). */
function confusion(labels, counts) {
  const names = labels.map((label) => element("th", "", label.name));
  const rows = counts.map((row, i) => element("tr", "", element("th", "", labels[i].name), ...row.map((n, j) => element("td", i === j ? "right" : "", String(n)))));
  const whole = element("table", "confusion", element("thead", "", element("tr", "", element("th", "", t("shown / said")), ...names)), element("tbody", "", ...rows));
  const around = element("div", "wide", whole);
  around.tabIndex = 0;
  return around;
}

export class Lesson {
  /** @param {(method: string, path: string, body?: unknown) => Promise<boolean>} ask */
  constructor(ask) {
    this.ask = ask;
    this.count = element("p", "count");
    this.count.setAttribute("role", "status");
    this.seen = element("p", "seen-now");
    this.note = element("p", "trouble");
    this.note.setAttribute("role", "status");
    this.takes = element("div", "buttons takes");
    this.undo = button(t("Forget the last take"), () => ask("DELETE", "/api/own/take"));
    this.learn = button(t("Learn"), () => ask("POST", "/api/own/learning"));
    this.learn.classList.add("strong");
    this.stop = button(t("Break it off"), () => ask("DELETE", "/api/own/learning"));
    this.end = button(t("End the lesson"), () => ask("DELETE", "/api/own/lesson"));
    this.bar = element("progress");
    this.bar.ariaLabel = t("Learning");
    this.result = element("div", "result");
    this.trial = element("p", "trial");
    this.video = element("video", "preview");
    Object.assign(this.video, { muted: true, playsInline: true });
    this.camera = new BrowserCamera(this.video);
    this.root = element(
      "section", "lesson", this.video, this.count, this.seen, this.note, this.takes, this.bar, this.trial, this.result,
      element("p", "buttons", this.learn, this.stop, this.undo, this.end),
    );
    this.root.ariaLabel = t("Lesson");
    this.root.hidden = true;
    this.reported = "";
    this.named = "";
  }

  close() {
    this.camera.stop();
  }

  show(lesson) {
    this.root.hidden = lesson === null;
    this.video.hidden = lesson?.camera !== "browser";
    if (lesson?.camera === "browser") this.camera.start();
    else this.camera.stop();
    if (lesson === null) return;
    const busy = lesson.stage !== "ready", learning = lesson.learning.state === "running";
    const name = lesson.label === null || lesson.label === undefined ? "" : lesson.set.labels[lesson.label].name;
    this.root.dataset.stage = lesson.stage;
    setText(this.count, this.counted(lesson, name, learning));
    setText(this.seen, [this.people(lesson), t(lesson.hint || "")].filter(Boolean).join(" \u00b7 "));
    setText(this.note, this.camera.trouble || t(lesson.note || "") || (lesson.learning.state === "failed" ? t(lesson.learning.note) : ""));
    this.showTakes(lesson, busy || learning);
    this.undo.disabled = learning || (!busy && lesson.set.takes.every((n) => n === 0));
    setText(this.undo, busy ? t("Stop this take") : t("Forget the last take"));
    this.learn.hidden = learning;
    this.learn.disabled = busy || lesson.set.takes.some((n) => n < 2);
    this.stop.hidden = this.bar.hidden = !learning;
    this.bar.value = lesson.learning.share ?? 0;
    this.showTrial(lesson.trial);
    this.showResult(lesson);
  }

  counted(lesson, name, learning) {
    if (learning) return t("Learning…");
    if (lesson.stage === "countdown") return t("{name} in {count}", { name, count: Math.ceil(lesson.left_s) });
    if (lesson.stage === "recording") return t("{name} now: {count}", { name, count: Math.ceil(lesson.left_s) });
    if (lesson.set.takes.some((n) => n < 2)) return t("Record each at least twice. Four times is better.");
    return lesson.report ? t("Try it, then keep it or not") : t("Ready to learn");
  }

  people(lesson) {
    if (lesson.stage === "recording") return t("{usable} of {frames} pictures can be used", { usable: lesson.usable, frames: lesson.frames });
    if (lesson.people === 0) return "";
    if (lesson.set.kind === "gesture") return lesson.people === 1 ? t("One person is seen") : t("{count} people are seen", { count: lesson.people });
    return lesson.people === 1 ? t("One face is seen") : t("{count} faces are seen", { count: lesson.people });
  }

  showTakes(lesson, busy) {
    const named = JSON.stringify([lesson.set.id, lesson.set.labels]);
    if (named !== this.named) {
      this.named = named;
      this.takes.replaceChildren(...lesson.set.labels.map((label, i) => button("", () => this.ask("POST", "/api/own/take", { label: i }))));
    }
    lesson.set.labels.forEach((label, i) => {
      const one = this.takes.children[i];
      setText(one, t("Record {name} ({count} so far)", { name: label.name, count: lesson.set.takes[i] }));
      one.disabled = busy;
    });
  }

  showTrial(trial) {
    if (!trial) return setText(this.trial, "");
    const known = trial.familiarity > 0;
    const own = known ? t("Yours: {name}, {share}", { name: trial.label, share: percent(trial.share) }) : t("Yours: not like your takes, so it keeps out");
    setText(this.trial, `${own} \u00b7 ${t("shipped: {emotion}", { emotion: t(trial.shipped) })} \u00b7 ${t("together: {emotion}", { emotion: t(trial.emotion) })}`);
  }

  showResult(lesson) {
    const report = lesson.report ?? null;
    const now = JSON.stringify(report);
    if (now === this.reported) return;
    this.reported = now;
    this.result.replaceChildren();
    if (report === null) return;
    const name = element("input");
    Object.assign(name, { type: "text", maxLength: 40, value: lesson.set.name });
    this.result.append(
      element("p", "", goodness(report)),
      element("p", "quiet", t("The shipped model alone got {count} of {takes}.", { count: report.shipped_right, takes: report.takes })),
    );
    for (const [one, other] of report.alike) this.result.append(element("p", "warning", t("It takes {one} and {other} for each other: show them more differently, or record more takes.", { one, other })));
    if (!report.certain) this.result.append(element("p", "warning", t("This may be no better than guessing: record more takes.")));
    this.result.append(
      confusion(lesson.set.labels, report.confusion),
      element("p", "quiet", t("Try it: do what you taught, and look above. Nothing changes in the room before you keep it.")),
    );
    const keep = button(t("Keep it"), () => this.ask("POST", "/api/own/keep", { name: name.value }));
    keep.disabled = report.alike.length > 0 || !report.certain;
    this.result.append(
      element("label", "field", element("span", "label", t("Name")), name),
      element("p", "buttons", keep, button(t("Discard it"), () => this.ask("POST", "/api/own/discard"))),
    );
  }
}
