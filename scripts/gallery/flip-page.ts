import type { NamedMail } from "./every-mail.ts";
import { escaped, type View } from "./views.ts";

/**
 * A page to flip through the pictures, which lie beside it: arrow keys or buttons for the mail before and after, with
 * Shift for the view. Works from a file; without scripts it is the plain list of all pictures.
 */
export function flipPage(mails: readonly NamedMail[], views: readonly View[]): string {
  const figures = mails.flatMap((mail) =>
    views.map(
      (view) => `<figure id="${mail.name}-${view.name}" data-mail="${mail.name}" data-view="${view.name}">
<figcaption><strong>${escaped(mail.subject)}</strong><br>${mail.name} · ${view.title}</figcaption>
<img src="${mail.name}-${view.name}.png" alt="${escaped(`${mail.name}, ${view.title}`)}" loading="lazy">
</figure>`,
    ),
  );
  const choice = (name: string, label: string, options: readonly (readonly [string, string])[]) =>
    `<label>${label} <select name="${name}">${options.map(([value, text]) => `<option value="${value}">${escaped(text)}</option>`).join("")}</select></label>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Letters</title>
<style>
body { margin: 0 auto; max-width: 46rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
form:not([hidden]) { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; padding: .75rem 0; background: Canvas; }
button, select { font: inherit; min-height: 2.75rem; padding: 0 .9rem; }
figure { margin: 1rem 0 3rem; } img { display: block; max-width: 100%; height: auto; margin-top: .75rem; border: 1px solid GrayText; }
.flipping figure:not(.shown) { display: none; }
</style>
</head>
<body>
<h1>Letters</h1>
<form hidden>
<button type="button" data-step="-1">Previous</button>
<button type="button" data-step="1">Next</button>
${choice(
  "mail",
  "Email",
  mails.map(({ name }) => [name, name] as const),
)}
${choice(
  "view",
  "View",
  views.map(({ name, title }) => [name, title] as const),
)}
</form>
<p hidden>Left and right arrow keys change the email; with Shift, the view.</p>
<main aria-live="polite">
${figures.join("\n")}
</main>
<script>
const form = document.querySelector("form");
const { mail, view } = form.elements;
const move = (select, by) => {
  select.selectedIndex = (select.selectedIndex + by + select.options.length) % select.options.length;
  show();
};
const show = () => {
  for (const figure of document.querySelectorAll("figure"))
    figure.classList.toggle("shown", figure.dataset.mail === mail.value && figure.dataset.view === view.value);
  history.replaceState(null, "", "#" + mail.value + "-" + view.value);
};
const wanted = document.getElementById(location.hash.slice(1));
if (wanted) { mail.value = wanted.dataset.mail; view.value = wanted.dataset.view; }
for (const each of document.querySelectorAll("[hidden]")) each.hidden = false;
document.body.classList.add("flipping");
form.addEventListener("input", show);
form.addEventListener("click", ({ target }) => target.dataset.step && move(mail, Number(target.dataset.step)));
addEventListener("keydown", (event) => {
  if (event.target.tagName === "SELECT" || event.altKey || event.ctrlKey || event.metaKey) return;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  move(event.shiftKey ? view : mail, step);
});
show();
</script>
</body>
</html>
`;
}
