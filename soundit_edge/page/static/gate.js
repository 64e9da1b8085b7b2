// The forms by which somebody says who they are: the claim of a device that nobody has claimed, and the sign-in.

import { element, setText } from "./dom.js";
import { t } from "./language.js";

/**
 * Make a field with its label.
 *
 * @param {string} text of the label
 * @param {Record<string, unknown>} properties of the input
 */
export function field(text, properties) {
  const input = Object.assign(element("input", "input"), { required: true }, properties);
  return { input, label: element("label", "field", element("span", "label", text), input) };
}

/**
 * Make a form of fields with one button, and a line for what goes wrong.
 *
 * @param {string} action on the button
 * @param {HTMLElement[]} parts
 * @param {() => Promise<void>} send
 */
export function form(action, parts, send) {
  const button = element("button", "button", action);
  const trouble = element("p", "trouble");
  trouble.setAttribute("role", "alert");
  const made = element("form", "entry", ...parts, button, trouble);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    setText(trouble, "");
    try {
      await send();
    } catch (error) {
      setText(trouble, error.message);
    }
    button.disabled = false;
  });
  return made;
}

/** Let in whom the device has just signed in; the browser may have kept no cookie of it. */
async function enter(device) {
  await device.lookAgain();
  if (!device.me?.signed_in) {
    throw new Error(t("This browser keeps no cookies, so it cannot stay signed in: allow them for this page."));
  }
}

const more = (title, ...texts) =>
  element("details", "more", element("summary", "", title), ...texts.map((text) => element("p", "", text)));

const nameField = () =>
  field(t("Name"), { name: "name", autocomplete: "username", maxLength: 40, autocapitalize: "off", spellcheck: false });

/** Two fields for a new password; `value` gives it, or throws where they differ. */
export function newPassword() {
  const properties = { type: "password", autocomplete: "new-password", minLength: 10, maxLength: 256 };
  const first = field(t("Password, at least 10 characters"), { ...properties, name: "password" });
  const second = field(t("The same password again"), { ...properties, name: "again" });
  const value = () => {
    if (first.input.value !== second.input.value) throw new Error(t("The two passwords differ."));
    return first.input.value;
  };
  return { labels: [first.label, second.label], value };
}

/** The claim; at the device itself nobody needs a code. */
export function claimForm(device) {
  const code = field(t("Code"), { name: "code", autocomplete: "one-time-code", autocapitalize: "characters", spellcheck: false, required: false, maxLength: 20 });
  const name = nameField();
  const password = newPassword();
  const local = device.me?.local;
  const send = async () => {
    const body = { name: name.input.value, password: password.value(), code: code.input.value };
    await device.ask("POST", "/api/claim", body);
    await enter(device);
  };
  return element(
    "div",
    "gate",
    element("h1", "", t("Claim this device")),
    element("p", "", t("Nobody has claimed it yet. Whoever does sets it up, and lets others in.")),
    form(t("Claim"), [...(local ? [] : [code.label]), name.label, ...password.labels], send),
    ...(local
      ? []
      : [
          more(
            t("There is no code"),
            t("The device shows it where it was started. On the device itself, “soundit claim” says it again."),
            t("Where the device has a button, press it: for two minutes no code is needed."),
          ),
        ]),
  );
}

/** The sign-in. */
export function signInForm(device) {
  const name = nameField();
  const password = field(t("Password"), { name: "password", type: "password", autocomplete: "current-password", maxLength: 256 });
  const send = async () => {
    await device.ask("POST", "/api/session", { name: name.input.value, password: password.input.value });
    await enter(device);
  };
  return element(
    "div",
    "gate",
    element("h1", "", t("Sign in")),
    form(t("Sign in"), [name.label, password.label], send),
    more(
      t("The password is forgotten"),
      t("An administrator can give you another one."),
      t("Without one, “soundit claim --reset” on the device itself removes all users; music and settings stay."),
    ),
  );
}
