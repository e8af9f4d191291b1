// The chat on a page of somebody else: one button, and a frame that is loaded when it is pressed.
// It keeps nothing, asks nothing of the page but its language, and stands in a shadow of its own.
(() => {
  const script = document.currentScript;
  const texts = "%TEXTS%";
  const key = script.dataset.key ?? "";
  const home = new URL(script.src, location.href);
  const wanted = [script.dataset.language, document.documentElement.lang, ...navigator.languages];
  const codes = wanted.map((each) => String(each ?? "").split("-")[0].toLowerCase());
  const language = codes.find((code) => code in texts) ?? "en";
  const said = texts[language];
  const theme = script.dataset.theme ?? "";

  const STYLE = `
    :host { all: initial; color-scheme: light dark; }
    .place {
      position: fixed; inset-block-end: 16px; inset-inline-end: 16px; z-index: 2147483000;
      font: 600 16px/1.4 system-ui, sans-serif;
    }
    button {
      display: flex; align-items: center; gap: 8px; min-block-size: 48px; padding: 8px 16px;
      border: 0; border-radius: 24px; font: inherit; cursor: pointer;
      background: light-dark(#34509f, #9db2f5); color: light-dark(#fff, #0e1316);
    }
    button:focus-visible { outline: 3px solid light-dark(#1d3fbf, #c9d5ff); outline-offset: 2px; }
    .place[data-open] button:not(:focus-visible) {
      position: absolute; inline-size: 1px; block-size: 1px; min-block-size: 0; padding: 0;
      overflow: hidden; clip-path: inset(50%);
    }
    iframe {
      display: none; border: 1px solid light-dark(#7d827f, #7b848a); border-radius: 8px;
      inline-size: min(384px, calc(100vw - 32px)); block-size: min(600px, calc(100dvh - 32px));
      background: light-dark(#fff, #1a1d20);
    }
    .place[data-open] iframe { display: block; }
    .theme-light { color-scheme: light; }
    .theme-dark { color-scheme: dark; }
    @media (max-width: 480px) {
      .place[data-open] { inset: 0; }
      .place[data-open] iframe {
        inline-size: 100vw; block-size: 100dvh; border: 0; border-radius: 0;
      }
    }`;

  const host = document.createElement("div");
  host.lang = language;
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // A page that forbids style elements still allows this.
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const place = document.createElement("div");
  place.className = theme ? `place theme-${theme}` : "place";
  place.dir = said.direction;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = said.open;
  button.setAttribute("aria-expanded", "false");
  const frame = document.createElement("iframe");
  frame.title = said.open;
  frame.allow = `microphone ${home.origin}`;
  place.append(frame, button);
  root.append(place);

  function source() {
    const url = new URL(`/chat/${encodeURIComponent(key)}`, home);
    url.searchParams.set("language", language);
    if (theme) url.searchParams.set("theme", theme);
    return url.href;
  }

  function show(open) {
    if (open && !frame.src) frame.src = source();
    place.toggleAttribute("data-open", open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? said.close : said.open;
    if (open) frame.focus();
    else button.focus();
    frame.contentWindow?.postMessage({ callfloor: open ? "opened" : "closed" }, home.origin);
  }

  button.addEventListener("click", () => show(!place.hasAttribute("data-open")));
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== home.origin) return;
    if (event.data?.callfloor === "close") show(false);
    if (event.data?.callfloor === "ready") {
      const open = place.hasAttribute("data-open");
      frame.contentWindow.postMessage({ callfloor: open ? "opened" : "closed" }, home.origin);
    }
    if (event.data?.callfloor === "unread" && !place.hasAttribute("data-open")) {
      const count = Number(event.data.count) || 0;
      button.textContent = count ? said.unread.replace("{count}", count) : said.open;
    }
  });
  const stand = () => document.body.append(host);
  if (document.body) stand();
  else addEventListener("DOMContentLoaded", stand);
})();
