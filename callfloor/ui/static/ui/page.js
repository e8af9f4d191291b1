// What every page does: colors, the rail, menus, shortcuts, toasts. Knows no page.

const root = document.documentElement;
const YEAR_SECONDS = 31536000;

function remember(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  const age = value ? YEAR_SECONDS : 0;
  document.cookie = `${name}=${value}; path=/; max-age=${age}; samesite=lax${secure}`;
}

function chooseTheme(button) {
  const theme = button.dataset.themeChoice;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  remember("theme", theme);
  for (const each of document.querySelectorAll("[data-theme-choice]")) {
    each.setAttribute("aria-pressed", each === button);
  }
}

function toggleRail(button) {
  const small = document.body.dataset.rail !== "small";
  document.body.dataset.rail = small ? "small" : "full";
  button.setAttribute("aria-expanded", !small);
  remember("rail", document.body.dataset.rail);
}

const texts = document.getElementById("texts");
export const said = texts ? JSON.parse(texts.textContent) : {};

// Says something in passing; a warning stays longer, nothing takes the focus.
export function toast(text, tone = "neutral") {
  const box = document.createElement("div");
  box.className = "toast";
  box.dataset.tone = tone;
  if (tone === "bad") box.setAttribute("role", "alert");
  const icon = document.createElement("span");
  icon.className = `icon i-${tone}`;
  icon.ariaHidden = "true";
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = text;
  box.append(icon, words);
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), tone === "bad" ? 12000 : 6000);
}

export function isTyping(target) {
  return (
    target instanceof Element &&
    target.closest("input, select, textarea, [contenteditable]") !== null
  );
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(
    "[data-theme-choice], [data-toggle=rail], [data-opens], [data-closes]",
  );
  if (button?.dataset.themeChoice !== undefined) chooseTheme(button);
  else if (button?.dataset.toggle) toggleRail(button);
  else if (button?.dataset.opens) document.getElementById(button.dataset.opens).showModal();
  else if (button?.dataset.closes !== undefined) button.closest("dialog").close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("change", (event) => {
  if (event.target.dataset.submits !== undefined) event.target.form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.key !== "?" || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target))
    return;
  const list = document.getElementById("shortcuts");
  if (list && !list.open) list.showModal();
});

for (const each of document.querySelectorAll("[data-passing]"))
  setTimeout(() => each.remove(), 8000);

for (const each of document.querySelectorAll("[data-without-script]")) each.hidden = true;

// A tab beside the desk has done something, or is closed: the desk may look anew (panels.js).
addEventListener("pagehide", () => new BroadcastChannel("callfloor").postMessage("left"));

// On a telephone the places, and long tabs, are strips that are longer than the screen.
for (const here of document.querySelectorAll(":is(.rail, .tabs) > [aria-current]")) {
  const strip = here.parentElement;
  if (strip.scrollWidth <= strip.clientWidth) continue;
  const [its, all] = [here, strip].map((each) => each.getBoundingClientRect());
  strip.scrollLeft += its.left + its.width / 2 - all.left - all.width / 2;
}
