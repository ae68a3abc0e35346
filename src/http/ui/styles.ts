/** The one style sheet of all pages: system fonts, one accent colour, light and dark, no outside request. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --paper: #fbf8f3; --card: #fffdf9; --ink: #2b2724; --soft: #6a6159; --line: #e3dbcf;
  --accent: #8a3b2a; --accent-ink: #fffdf9; --good: #2f6b45; --bad: #a3261c; --strip: #efe7d8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #1c1917; --card: #252120; --ink: #ece6de; --soft: #b3a99d; --line: #443d38;
    --accent: #f0a58f; --accent-ink: #2a1510; --good: #8fd0a8; --bad: #ff9c8f; --strip: #2e2926;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; overflow-wrap: anywhere; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.65 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1, h2, h3 { font-family: Georgia, "Iowan Old Style", "Palatino Linotype", serif; line-height: 1.25; font-weight: 600;
  text-wrap: balance; }
h1 { font-size: clamp(1.9rem, 6vw, 2.75rem); margin: 0 0 1rem; }
h2 { font-size: 1.5rem; margin: 3rem 0 1rem; }
h3 { font-size: 1.125rem; margin: 0 0 .25rem; }
p, ul, ol { margin: 0 0 1rem; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip:not(:focus) { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); }
.skip:focus { position: absolute; inset-inline-start: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 2; }
.wrap { max-width: 42rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
.wide { max-width: 76rem; }
form + p { margin-top: 1rem; }
.row > .field { margin-bottom: .35rem; }
form > .row { margin-bottom: .6rem; }
.lead { font-size: 1.2rem; color: var(--soft); }
.soft { color: var(--soft); }
.small { font-size: .9375rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.5rem; margin: 1.75rem 0; }
.card > :last-child, .card form > :last-child { margin-bottom: 0; }
.card h2 { margin-top: 0; }
.card form + .row { margin-top: 1.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.card form + p { margin: 1rem 0 0; }
.strip { background: var(--strip); color: var(--ink); font-size: .9375rem; padding: .5rem 1.25rem; text-align: center;
  border-bottom: 1px solid var(--line); }
.field { margin: 0 0 1.1rem; }
label, legend { display: block; font-weight: 600; margin: 0 0 .3rem; }
.hint { display: block; color: var(--soft); font-size: .9375rem; font-weight: 400; }
input[type=email], input[type=text], input[type=search], input[type=date], select { width: 100%; max-width: 100%; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--soft); border-radius: 9px; padding: .65rem .8rem; min-height: 2.9rem; }
[aria-invalid=true] { border-color: var(--bad); border-width: 2px; }
.error { color: var(--bad); font-weight: 600; }
.error::before { content: "\\26A0\\FE0E\\00A0"; }
.said { border-left: 4px solid var(--good); padding: .75rem 1rem; background: var(--card); margin: 0 0 1.5rem; }
button, .button { font: inherit; font-weight: 600; display: inline-block; min-height: 2.9rem; padding: .65rem 1.4rem;
  border-radius: 9px; border: 1px solid var(--accent); background: var(--accent); color: var(--accent-ink); cursor: pointer;
  text-decoration: none; }
button:hover, .button:hover { filter: brightness(1.08); }
button[disabled] { opacity: .55; cursor: progress; }
button.quiet, .button.quiet { background: transparent; color: var(--accent); }
.row { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; }
.row > .field { flex: 1 1 12rem; }
.themes { list-style: none; padding: 0; counter-reset: theme; }
.themes li { counter-increment: theme; display: grid; grid-template-columns: 2.5rem 1fr auto; column-gap: .5rem; padding: .9rem 0;
  border-top: 1px solid var(--line); }
.themes li::before { content: counter(theme); font-family: Georgia, serif; font-size: 1.35rem; line-height: 1.35; color: var(--accent); }
.themes p { margin: 0; color: var(--soft); }
@media (max-width: 30rem) { .themes li { grid-template-columns: 1.75rem 1fr auto; } .themes .ornament { width: 56px; } }
details { border-top: 1px solid var(--line); padding: .9rem 0; }
summary { font-weight: 600; cursor: pointer; }
details p { margin: .75rem 0 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1rem; margin: 0 0 1rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
footer.page { border-top: 1px solid var(--line); margin-top: 4rem; padding-top: 1rem; color: var(--soft); font-size: .9375rem; }
footer.page a { color: inherit; }
@media (prefers-reduced-motion: no-preference) { a, button { transition: filter .15s; } }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } .card { padding: 1.15rem; } }

.inbox { display: grid; grid-template-columns: minmax(16rem, 23rem) 1fr; gap: 1.5rem; align-items: start; }
.inbox ol { list-style: none; margin: 0; padding: 0; max-height: 75vh; overflow: auto; }
.inbox li a { display: block; padding: .75rem .9rem; border: 1px solid var(--line); border-bottom: 0; color: inherit;
  text-decoration: none; background: var(--card); }
.inbox li:first-child a { border-radius: 10px 10px 0 0; }
.inbox li:last-child a { border-bottom: 1px solid var(--line); border-radius: 0 0 10px 10px; }
.inbox li:only-child a { border-radius: 10px; }
.inbox li a[aria-current] { box-shadow: inset 4px 0 0 var(--accent); }
.inbox li strong, .inbox li span { display: block; overflow-wrap: anywhere; }
.inbox li span { color: var(--soft); font-size: .9rem; }
.reading { min-width: 0; }
.views { border: 0; padding: 0; margin: 0 0 1rem; display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; }
.views legend { float: left; margin: 0 .75rem 0 0; padding: 0; }
.views label { display: inline-flex; gap: .4rem; align-items: center; font-weight: 400; margin: 0; min-height: 1.75rem; }
.letter-frame { width: 100%; height: 70vh; min-height: 30rem; border: 1px solid var(--line); border-radius: 10px; background: #fff; }
.reading:has(input[value=phone]:checked) .letter-frame { width: 24.4rem; max-width: 100%; }
.reading:has(input[value=dark]:checked) .letter-frame.light,
.reading:not(:has(input[value=dark]:checked)) .letter-frame.dark { display: none; }
.letter-frame.dark { background: #1c1917; color-scheme: dark; }
.letter-frame.light { color-scheme: light; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; padding: 1rem; font-size: .9rem; line-height: 1.5; margin: 0; }
.inline { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.inline a { display: inline-block; padding: .3rem 0; }
.inline [aria-current] { font-weight: 700; text-decoration-thickness: 2px; }
.scroll { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: start; padding: .5rem .9rem .5rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; }
.trap { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.choice { display: flex; flex-wrap: wrap; gap: .6rem; }
fieldset { border: 0; margin: 0 0 1.1rem; padding: 0; min-width: 0; }
legend { padding: 0; }
.option { display: flex; gap: .7rem; align-items: baseline; font-weight: 400; margin: 0; padding: .45rem 0; }
.option input { flex: none; inline-size: 1.15rem; block-size: 1.15rem; accent-color: var(--accent); transform: translateY(.15rem); }
.dates { list-style: none; padding: 0; margin: 0 0 1rem; }
.dates li { padding: .2rem 0; } .dates .soft { display: block; font-size: .9375rem; }
button + .hint { margin-top: .35rem; } h1 ~ form + form { margin-top: 2.5rem; }
.before { grid-template-columns: max-content 1fr; gap: .4rem 1rem; margin: 0 0 .75rem; } .before .dates { margin: 0; }
.said > :last-child { margin-bottom: 0; } .said h2, .said h4 { margin: 0 0 .5rem; font-size: 1.125rem; }
.ways { list-style: none; padding: 0; margin: 0; } .ways li { margin: 0 0 1rem; }
.card form { margin: 1.5rem 0 0; padding: 1.25rem 0 0; border-top: 1px solid var(--line); }
.card form.joined { border-top: 0; padding-top: 0; margin-top: 1rem; }
.card details { margin-top: 1rem; } .card details + details { margin-top: 0; }
.letter { font: 1.125rem/1.7 Georgia, "Iowan Old Style", "Times New Roman", serif; }
.letter h2 { margin: 2.25rem 0 .75rem; color: var(--accent); } .letter h3 { font-size: 1.1875rem; margin: 1.75rem 0 .5rem; } .letter + p { margin-top: 2.5rem; }
.letter + .letter { border-top: 1px solid var(--line); margin-top: 2.5rem; }
.letter li { margin: 0 0 .5rem; }
.ornament { display: block; height: auto; max-width: 100%; } .ornament.full { margin: 0 0 1.25rem; }
.part { margin: 2.25rem 0; } .letter .part > :first-child { margin-top: 0; } .part > :last-child { margin-bottom: 0; }
.steps { background: var(--strip); border-radius: 12px; padding: 1.5rem; } .steps li::marker { color: var(--accent); }
.keep { margin: 2.25rem 0; border: solid var(--accent); border-width: 2px 0; padding: 1.5rem 1rem; text-align: center; }
.line, .keep:not(.part) { font-size: 1.4rem; line-height: 1.45; font-style: italic; }
.age { border-inline-start: 3px solid var(--accent); padding-inline-start: 1rem; margin: 0 0 1rem; }
.age h3, .age h4 { font: 600 1rem/1.6 ui-sans-serif, system-ui, sans-serif; margin: 0; } .age p { margin: 0; }
blockquote { margin: 0 0 1rem; padding-inline-start: 1rem; border-inline-start: 3px solid var(--line); }
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #5c2317; color-scheme: light; }
  .strip, .skip, .no-print, footer.page, button { display: none; }
  body { font-size: 11pt; } .wrap { max-width: none; padding: 0; } .card { border: 0; padding: 0; break-inside: avoid; }
  a { color: inherit; }
}
themepost-form { --themepost-accent: var(--accent); --themepost-accent-text: var(--accent-ink); --themepost-focus: var(--accent);
  --themepost-fault: var(--bad); --themepost-field: var(--paper); --themepost-field-text: var(--ink); --themepost-line: var(--soft); }
progress { width: 100%; accent-color: var(--accent); }
@media (max-width: 50rem) { .inbox { grid-template-columns: 1fr; } .inbox ol { max-height: 40vh; } }
`;
