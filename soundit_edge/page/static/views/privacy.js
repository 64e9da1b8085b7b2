// Privacy: one switch that closes camera and microphone, what is open now, what is read, and what is kept.

import { element, setText } from "../dom.js";
import { sense } from "../format.js";
import { t } from "../language.js";
import { Switch } from "../switch.js";
import { VOCABULARY } from "../vocabulary.js";

const part = (title, ...children) => element("section", "", element("h2", "label", title), ...children);

export function open(root, device) {
  const trouble = element("p", "trouble");
  trouble.setAttribute("role", "alert");
  const change = (patch) => device.ask("PATCH", "/api/device", patch);
  const private_ = new Switch(
    t("Private"),
    t("Closes camera and microphone. The music plays on as in an empty room."),
    (on) => change({ private: on }),
    trouble,
  );
  private_.root.classList.add("large");
  const camera = element("li");
  const microphone = element("li");
  const now = element("div", "", element("ul", "open", camera, microphone));
  now.setAttribute("role", "status");

  const senses = Object.entries(VOCABULARY.reads).map(([name, reads]) => ({
    name,
    one: new Switch(sense(name), t(reads), (on) => change({ senses: { [name]: on } }), trouble),
  }));
  const list = element("ul", "senses-on", ...senses.map(({ one }) => element("li", "", one.root)));

  const kept = element("p");
  const place = new Switch(
    t("Public place"),
    t("Keeps neither what anybody liked nor when which mood was felt, and shows nobody what the camera finds."),
    (on) => device.ask("PUT", "/api/public-place", { public_place: on }),
    trouble,
  );
  const notice = element("a", "button", t("Open the notice to put up"));
  Object.assign(notice, { href: "/notice", target: "_blank", rel: "noopener" });

  root.append(
    element("div", "first", private_.root, now, trouble),
    part(t("What is read"), list),
    part(
      t("What is kept"),
      element("p", "", t("Pictures and sound stay in the device’s memory for a few seconds. They are never stored and never leave the device, and nobody is identified.")),
      kept,
    ),
    part(
      t("Where others come and go"),
      place.root,
      element("p", "", t("People who are exposed to emotion recognition have to be told so: put the notice up where they see it.")),
      element("p", "", notice),
    ),
  );

  const leave = device.onStatus(({ privacy, senses: all }) => {
    const may = device.may("operator");
    private_.show(privacy.private, may);
    camera.className = privacy.camera_open ? "on" : "";
    microphone.className = privacy.microphone_open ? "on" : "";
    setText(camera, privacy.camera_open ? t("The camera is open.") : t("The camera is closed."));
    setText(microphone, privacy.microphone_open ? t("The microphone is open.") : t("The microphone is closed."));
    for (const { name, one } of senses) {
      const found = all.find((each) => each.name === name);
      one.show(found !== undefined && found.state !== "off", may);
      one.root.title = found?.state === "off" ? found.failure : "";
    }
    place.show(privacy.public_place, device.may("admin"));
    setText(
      kept,
      privacy.public_place
        ? t("Nothing about individuals is kept.")
        : t("The device remembers which mood was felt when, what it played and what you liked, to learn your taste. It keeps that to itself."),
    );
  });
  return leave;
}
