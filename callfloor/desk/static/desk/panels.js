// What departments show beside a live item (Panel(place="desk.item")): fragments of HTML. A form in
// one is sent without leaving the desk, and its answer takes the panel's place.

import "./lookup.js";

export async function parts(item, customer) {
  const query = new URLSearchParams({ client: item.client, customer });
  const place = `/desk/item/${encodeURIComponent(item.id)}?${query}`;
  const answer = await fetch(place).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const link of page.querySelectorAll("a[href]")) link.target = "_blank";
  return (name) => page.querySelector(`[data-part="${name}"]`);
}

export async function loadPanels(box, { item, customer, token }) {
  const wanted = `${item.id} ${customer}`;
  if (box.dataset.of === wanted) return;
  box.dataset.of = wanted;
  const query = new URLSearchParams({ client: item.client, customer });
  const answer = await fetch(`/desk/panels/${encodeURIComponent(item.id)}?${query}`).catch(
    () => null,
  );
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

function put(place, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const outward = page.querySelectorAll("a[href]:not([data-panel-link])");
  for (const link of outward) link.target = "_blank";
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
  box.addEventListener("click", (event) => {
    const link = event.target.closest("[data-panel-link]");
    if (!link) return;
    event.preventDefault();
    replace(link.closest("[data-panel]"), link.href, {});
  });
}

async function replace(panel, place, asked) {
  panel.setAttribute("aria-busy", "true");
  const answer = await fetch(place, asked).catch(() => null);
  panel.removeAttribute("aria-busy");
  if (!answer || answer.redirected || answer.status >= 500) return;
  put(panel, await answer.text());
  sendByItself(panel);
}
