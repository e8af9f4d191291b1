// One click on a seat signs in; nothing else to do here without it.
for (const form of document.querySelectorAll(".seat")) {
  form.addEventListener("submit", () =>
    form.querySelector("button").setAttribute("aria-busy", "true"),
  );
}
