// The account: who looks, the users of the device, and the tokens of programs.

import { element, setText } from "../dom.js";
import { claimForm, field, form, newPassword, signInForm } from "../gate.js";
import { LANGUAGE, t } from "../language.js";

const ROLES = {
  viewer: () => t("looks on"),
  operator: () => t("changes the music"),
  admin: () => t("sets up everything"),
};

/** A choice of what somebody may do. */
function roleChoice(label, chosen = "operator") {
  const select = element("select", "input");
  for (const [role, words] of Object.entries(ROLES)) select.add(new Option(words(), role, false, role === chosen));
  select.ariaLabel = label;
  return select;
}

const day = (seconds) => new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium" }).format(1000 * seconds);

function button(text, label, act) {
  const made = element("button", "button", text);
  made.type = "button";
  made.ariaLabel = label;
  made.addEventListener("click", act);
  return made;
}

/** Fill the view; see views.js. */
export function open(root, device) {
  const trouble = element("p", "trouble");
  trouble.setAttribute("role", "alert");

  /** Do something, show what is then, or say why it was not done. */
  const act = async (method, path, body = {}) => {
    let refusal = "";
    try {
      await device.ask(method, path, body);
    } catch (error) {
      refusal = error.message;
    }
    await draw();
    setText(trouble, refusal);
  };

  async function draw() {
    await device.lookAgain();
    const { me } = device;
    if (me === null || me.role === "none") return;
    const parts = [whoAmI(me)];
    if (me.signed_in) parts.push(ownPassword());
    else parts.push(element("details", "more", element("summary", "", me.claimed ? t("Sign in") : t("Claim this device")), me.claimed ? signInForm(device) : claimForm(device)));
    if (me.claimed && me.role === "admin") {
      const [users, tokens] = await Promise.all([device.ask("GET", "/api/users"), device.ask("GET", "/api/tokens")]);
      parts.push(lock(me), userList(users), tokenList(tokens));
    }
    root.replaceChildren(element("h1", "", t("Account")), trouble, ...parts);
  }

  function whoAmI(me) {
    const text = me.name
      ? t("You are {name}.", { name: me.name })
      : t(me.claimed ? "You are on the device itself and have not signed in." : "You are on the device itself, and nobody has claimed it: others cannot open this page.");
    const may = t({ viewer: "You may look on.", operator: "You may change the music.", admin: "You may set up everything." }[me.role]);
    const part = element("section", "part", element("p", "", `${text} ${may}`));
    if (me.signed_in) part.append(button(t("Sign out"), t("Sign out"), () => act("DELETE", "/api/session")));
    if (me.locked) part.append(element("p", "quiet", t("The kiosk lock is on: only administrators can change anything.")));
    return part;
  }

  function ownPassword() {
    const present = field(t("Present password"), { type: "password", autocomplete: "current-password", maxLength: 256 });
    const next = newPassword();
    const done = element("p", "quiet");
    done.setAttribute("role", "status");
    const send = async () => {
      setText(done, "");
      await device.ask("PUT", "/api/me/password", { password: present.input.value, new_password: next.value() });
      setText(done, t("The password is changed. Your other browsers are signed out."));
    };
    const entry = form(t("Change the password"), [present.label, ...next.labels], send);
    return element("details", "more", element("summary", "", t("Change your password")), entry, done);
  }

  function lock(me) {
    const box = Object.assign(element("input"), { type: "checkbox", checked: me.locked });
    box.addEventListener("change", () => act("PUT", "/api/kiosk", { locked: box.checked }));
    const text = t("Kiosk lock: only administrators can change anything");
    const picture = Object.assign(element("a", "", t("The kiosk: a picture for a wall")), { href: "/kiosk", target: "_blank", rel: "noopener" });
    return element("section", "part", element("label", "tick", box, element("span", "", text)), element("p", "", picture));
  }

  function userList(users) {
    const list = element("ul");
    for (const user of users) {
      const role = roleChoice(t("What {name} may do", user), user.role);
      role.addEventListener("change", () => act("PATCH", `/api/users/${user.id}`, { role: role.value }));
      const remove = button(t("Remove"), t("Remove {name}", user), () => act("DELETE", `/api/users/${user.id}`));
      list.append(element("li", "row", element("span", "who", user.name), role, remove));
    }
    const name = field(t("Name"), { maxLength: 40, autocomplete: "off" });
    const password = newPassword();
    const role = roleChoice(t("What the new user may do"));
    const send = async () => {
      await device.ask("POST", "/api/users", { name: name.input.value, password: password.value(), role: role.value });
      await draw();
    };
    const entry = form(t("Add"), [name.label, ...password.labels, role], send);
    const add = element("details", "more", element("summary", "", t("Add a user")), entry);
    return element("section", "part", element("h2", "label", t("Users")), list, add);
  }

  function tokenList(tokens) {
    const list = element("ul");
    for (const token of tokens) {
      const revoke = button(t("Revoke"), t("Revoke {name}", token), () => act("DELETE", `/api/tokens/${token.id}`));
      const what = element("span", "quiet", `${ROLES[token.role]()}, ${day(token.made_at)}`);
      list.append(element("li", "row", element("span", "who", token.name), what, revoke));
    }
    const name = field(t("What it is for"), { maxLength: 40, autocomplete: "off" });
    const role = roleChoice(t("What the program may do"));
    const send = async () => {
      const made = await device.ask("POST", "/api/tokens", { name: name.input.value, role: role.value });
      await draw();
      const words = t("This is the token of {name}. Copy it now, for it is not shown again.", made);
      const shown = element("div", "part secret", element("p", "", words), element("code", "", made.token));
      shown.setAttribute("role", "status");
      root.append(shown);
    };
    const entry = form(t("Make a token"), [name.label, role], send);
    const add = element("details", "more", element("summary", "", t("Add a program")), entry);
    const title = element("h2", "label", t("Programs"));
    return element("section", "part", title, list, add);
  }

  return draw();
}
