// What departments show beside a live item (Panel(place="desk.item")): fragments of HTML. A form in
// one is sent without leaving the desk, and its answer takes the panel's place. A link opens a tab
// of its own, for the desk may carry a call; who comes back sees what was done there.

import { said } from "../ui/page.js";
import "./lookup.js";

export async function parts(item, customer) {
  const query = new URLSearchParams({ client: item.client, customer });
  const place = `/desk/item/${encodeURIComponent(item.id)}?${query}`;
  const answer = await fetch(place).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const link of page.querySelectorAll("a[href]")) outward(link);
  return (name) => page.querySelector(`[data-part="${name}"]`);
}

export async function loadPanels(box, { item, customer, token }) {
  const wanted = `${item.id} ${customer}`;
  if (box.dataset.of === wanted) return;
  box.dataset.of = wanted;
  const query = new URLSearchParams({ client: item.client, customer });
  box.dataset.place = `/desk/panels/${encodeURIComponent(item.id)}?${query}`;
  const answer = await fetch(box.dataset.place).catch(() => null);
  if (box.dataset.of !== wanted) return;
  if (!answer?.ok || answer.redirected) {
    delete box.dataset.of;
    return;
  }
  put(box, await answer.text());
  if (!box.dataset.listens) listen(box, token);
  sendByItself(box);
}

// A form that waits for nobody, as a script that begins with its contact: sent after so many ms.
function sendByItself(box) {
  for (const form of box.querySelectorAll("form[data-panel-auto]")) {
    setTimeout(() => form.isConnected && form.requestSubmit(), Number(form.dataset.panelAuto));
  }
}

export function clearPanels(box) {
  delete box.dataset.of;
  box.replaceChildren();
}

// Opens in a tab of its own, and says so before.
export function outward(link) {
  link.target = "_blank";
  link.title = said.new_tab;
}

function put(place, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const link of page.querySelectorAll("a[href]:not([data-panel-link])")) outward(link);
  place.replaceChildren(...page.body.childNodes);
}

function listen(box, token) {
  box.dataset.listens = "yes";
  box.addEventListener("submit", (event) => {
    const form = event.target;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    const method = form.method.toUpperCase();
    const place = method === "GET" ? `${form.action}?${fields}` : form.action;
    replace(form.closest("[data-panel]"), place, {
      method,
      headers: { "X-CSRFToken": token },
      body: method === "GET" ? undefined : fields,
    });
  });
  addEventListener("focus", () => freshen(box));
  new BroadcastChannel("callfloor").addEventListener("message", () => freshen(box));
  box.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    if (!link.matches("[data-panel-link]")) {
      link.closest("[data-panel]").dataset.left = link.href;
      return;
    }
    event.preventDefault();
    replace(link.closest("[data-panel]"), link.href, {});
  });
}

// The panels from which somebody went to another tab are read anew when a page there has done its
// work, and when he is back.
async function freshen(box) {
  const left = [...box.children].filter((panel) => panel.dataset.left && !isTouched(panel));
  const { of, place } = box.dataset;
  if (!of || !left.length) return;
  const answer = await fetch(place).catch(() => null);
  if (box.dataset.of !== of || !answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelectorAll("[data-panel]");
  if (box.dataset.of !== of || fresh.length !== box.children.length) return;
  for (const panel of left) {
    const { left: href } = panel.dataset;
    const held = panel.contains(document.activeElement);
    put(panel, fresh[[...box.children].indexOf(panel)].innerHTML);
    if (held) [...panel.querySelectorAll("a[href]")].find((link) => link.href === href)?.focus();
  }
}

function isTouched(panel) {
  const fields = panel.querySelectorAll("input:not([type=hidden]), textarea");
  return [...fields].some((field) => field.value !== field.defaultValue);
}

async function replace(panel, place, asked) {
  panel.setAttribute("aria-busy", "true");
  const answer = await fetch(place, asked).catch(() => null);
  panel.removeAttribute("aria-busy");
  if (!answer || answer.redirected || answer.status >= 500) return;
  put(panel, await answer.text());
  sendByItself(panel);
}
