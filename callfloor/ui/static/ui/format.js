// Numbers and times as the reader's language writes them; the twin of callfloor/ui/formats.py.
// Pure: text out for values in.

const root = document.documentElement;
export const language = root.lang.split("-")[0];
const zone = root.dataset.zone || "UTC";
const PERSIAN = "۰۱۲۳۴۵۶۷۸۹";
const SEPARATORS = {
  en: [",", "."],
  hu: ["\u00a0", ","],
  es: [".", ","],
  ru: ["\u00a0", ","],
  fr: ["\u202f", ","],
  fa: ["٬", "٫"],
};
const BEFORE_PERCENT = { es: "\u00a0", ru: "\u00a0", fr: "\u202f" };

export function digits(text) {
  return language === "fa" ? String(text).replace(/\d/g, (digit) => PERSIAN[digit]) : String(text);
}

export function number(value, places = 0) {
  const [thousands, decimal] = SEPARATORS[language] ?? SEPARATORS.en;
  const [whole, part] = value.toFixed(places).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  return digits(part ? grouped + decimal + part : grouped);
}

export function percent(share) {
  if (share === null || share === undefined) return "–";
  const value = number(share * 100);
  if (language === "fa") return `\u061c${value}٪`;
  return `${value}${BEFORE_PERCENT[language] ?? ""}%`;
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return digits(
    hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`,
  );
}

// How long something may take, in the largest unit of which it is a whole number; `texts` are the
// units as a page's own texts give them.
export function span(seconds, texts) {
  const [unit, length] = [
    ["h", 3600],
    ["min", 60],
    ["s", 1],
  ].find(([name, long]) => name === "s" || (seconds && seconds % long === 0));
  const value = seconds / length;
  return say(texts[unit], { count: number(value, Number.isInteger(value) ? 0 : 1) });
}

const clocks = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  hour: "numeric",
  minute: "2-digit",
});

export function clock(seconds) {
  return digits(clocks.format(new Date(seconds * 1000)).replace(/^0/, ""));
}

// Puts values into a translated sentence with {names}.
export function say(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// Names, prices and places sort as people of this language expect.
export const collator = new Intl.Collator(language, { numeric: true });
