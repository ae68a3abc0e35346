/** The form's own look: the host's font and colours unless its custom properties say otherwise. */
export const STYLE = `
:host { display: block; max-width: 30rem; color: var(--themepost-text, inherit); font: inherit;
  font-family: var(--themepost-font, inherit); }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
form, p { margin: 0 0 1em; }
label { display: block; font-weight: 600; margin: 0 0 .3em; }
input { width: 100%; font: inherit; min-height: 2.75em; padding: .5em .75em; margin: 0 0 1em;
  color: var(--themepost-field-text, FieldText); background: var(--themepost-field, Field);
  border: 1px solid var(--themepost-line, GrayText); border-radius: var(--themepost-radius, 8px); }
button { font: inherit; font-weight: 600; min-height: 2.75em; padding: .5em 1.25em; margin: 0 .5em .5em 0; cursor: pointer;
  color: var(--themepost-accent-text, #fff); background: var(--themepost-accent, #8a3b2a);
  border: 1px solid transparent; border-radius: var(--themepost-radius, 8px); }
button.second { color: inherit; background: transparent; border-color: currentColor; }
button:disabled { opacity: .6; cursor: progress; }
a { color: inherit; }
:focus-visible { outline: 3px solid var(--themepost-focus, Highlight); outline-offset: 2px; }
.fine { font-size: .875em; }
.fault { font-weight: 600; margin: -.5em 0 1em; color: var(--themepost-fault, inherit); }
.fault::before { content: "\\26A0\\FE0E\\00A0"; }
[aria-invalid=true] { border-width: 2px; border-color: var(--themepost-fault, currentColor); }
.trap { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none; }
`;
