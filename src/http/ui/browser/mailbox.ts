// Skips ahead week by week with progress shown, instead of one long request; shows new mail as it comes; and waits for a trial that's started
// over. Without the script the plain forms do the work. Its texts are the page's, in data attributes.
export {};

type Week = { readonly now: string; readonly accepted: number; readonly more: boolean };

const WEEKS_MAX = 60;
const LOOK_EVERY_MS = 2000;

const form = document.querySelector<HTMLFormElement>("form[data-advance]");
const progress = document.querySelector<HTMLElement>("#progress");
const bar = progress?.querySelector("progress");
const words = progress?.querySelector("p");
const texts = progress?.dataset ?? {};

function filled(text: string | undefined, values: Readonly<Record<string, unknown>>): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

async function skipWeek(): Promise<Week> {
  const answer = await fetch("/mailbox/advance", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ weeks: 1 }),
  });
  if (answer.ok) return answer.json();
  const problem = await answer.json().catch(() => ({ detail: texts.silent }));
  throw new Error(problem.detail);
}

async function skip(toTheEnd: boolean): Promise<void> {
  let letters = 0;
  let goesOn = true;
  for (let week = 1; week <= (toTheEnd ? WEEKS_MAX : 1) && goesOn; week += 1) {
    const { now, accepted, more } = await skipWeek();
    letters += accepted;
    goesOn = more;
    const date = new Date(now).toDateString();
    if (words) words.textContent = filled(letters === 1 ? texts.one : texts.other, { week, date, letters });
    if (toTheEnd && bar) bar.value = Math.min(week / 12, 0.95);
  }
  location.assign(new URL(`?${listed()}`, location.href));
}

/** What the address says of the list, from its newest on, without the message that's open. */
function listed(): URLSearchParams {
  const query = new URLSearchParams(location.search);
  query.delete("message");
  query.delete("before");
  return query;
}

let skipping = false;

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const toTheEnd = event.submitter instanceof HTMLButtonElement && event.submitter.value === "end";
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  if (progress) progress.hidden = false;
  skipping = true;
  try {
    await skip(toTheEnd);
  } catch (error) {
    if (words)
      words.textContent = filled(texts.failed, { reason: error instanceof Error ? error.message : "" });
    for (const button of buttons) button.disabled = false;
  } finally {
    skipping = false;
  }
});

/** Puts newer messages into the list. The one that's being read stays. */
async function look(inbox: HTMLElement): Promise<void> {
  const query = new URLSearchParams(location.search);
  const { open } = inbox.dataset;
  if (open) query.set("message", open);
  const answer = await fetch(`/mailbox?${query}`);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector<HTMLElement>("#inbox");
  if (fresh === null || fresh.dataset.newest === inbox.dataset.newest) return;
  const [was, is] = [inbox.querySelector("#messages"), fresh.querySelector("#messages")];
  if (was === null || is === null) {
    inbox.replaceWith(fresh);
    return;
  }
  const focused = document.activeElement?.getAttribute("href");
  was.querySelector("ol")?.replaceWith(is.querySelector("ol") ?? "");
  const [count, counted] = [was.querySelector("#count"), is.querySelector("#count")];
  if (count && counted) count.replaceChildren(...counted.childNodes);
  if (focused) was.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus();
  inbox.dataset.newest = fresh.dataset.newest;
}

setInterval(() => {
  const inbox = document.querySelector<HTMLElement>("#inbox");
  if (inbox !== null && !document.hidden && !skipping) look(inbox).catch(() => undefined);
}, LOOK_EVERY_MS);

/** A trial that's started over goes away first; once it's back, its newsletter is published before its form can be used. */
async function waitForNew(): Promise<void> {
  for (let gone = false, back = 0; back < 30; ) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const answer = await fetch("/api/v1/form-stamp").catch(() => null);
    if (answer === null) gone = true;
    else if (gone && answer.ok) break;
    else if (gone) back += 1;
  }
  location.assign("/mailbox");
}

if (document.querySelector("[data-starting-over]") !== null) void waitForNew();
