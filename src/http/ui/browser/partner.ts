// On a partner's page: buttons that copy a text, and a colour to try on the form. Without the script the texts can be selected by hand. What is
// said stands in data attributes.
export {};

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = document.getElementById("said");
    const copied = document.getElementById(button.dataset.copy ?? "")?.textContent ?? "";
    if (said === null) return;
    try {
      await navigator.clipboard.writeText(copied);
      said.textContent = said.dataset.copied ?? "";
    } catch {
      said.textContent = said.dataset.refused ?? "";
    }
  });
}

const colour = document.querySelector<HTMLElement>("[data-colour]");
const input = colour?.querySelector("input");
const form = document.querySelector<HTMLElement>("themepost-form");
const coloured = document.querySelector<HTMLElement>("[data-coloured]");
const css = document.getElementById("colour-css");

/** Black or white, whichever stands out more on a colour (WCAG 2.2, relative luminance). */
function textOn(hex: string): string {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#ffffff";
}

if (colour && input) colour.hidden = false;
input?.addEventListener("input", () => {
  const look = { "--themepost-accent": input.value, "--themepost-accent-text": textOn(input.value) };
  for (const [name, value] of Object.entries(look)) form?.style.setProperty(name, value);
  const lines = Object.entries(look).map(([name, value]) => `  ${name}: ${value};`);
  if (css) css.textContent = `themepost-form {\n${lines.join("\n")}\n}`;
  if (coloured) coloured.hidden = false;
});
