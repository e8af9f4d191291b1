// Looking something up: the key / goes to the search, and a text found goes into the answer.

import { isTyping } from "../ui/page.js";

function isShown(element) {
  return element.offsetParent !== null && !element.disabled;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isTyping(event.target)) return;
  const field = [...document.querySelectorAll("[data-lookup]")].find(isShown);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// What is written already stays: the text goes where the cursor is.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-put]");
  if (!button) return;
  const field = document.getElementById("text-words");
  if (!field || !isShown(field)) return;
  const gap = field.value && !/\s$/.test(field.value.slice(0, field.selectionStart)) ? "\n" : "";
  field.setRangeText(gap + button.dataset.put, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
