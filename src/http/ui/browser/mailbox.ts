// Skips ahead week by week with progress shown, instead of one long request. Without the script the plain forms do the work. Its texts
// are the page's, in data attributes.
export {};

type Week = { readonly now: string; readonly accepted: number };

const WEEKS_MAX = 60;
/** Two weeks without a letter: there's nothing more to come. */
const QUIET_MAX = 2;

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
  let quiet = 0;
  for (let week = 1; week <= (toTheEnd ? WEEKS_MAX : 1) && quiet < QUIET_MAX; week += 1) {
    const { now, accepted } = await skipWeek();
    letters += accepted;
    quiet = accepted === 0 ? quiet + 1 : 0;
    const date = new Date(now).toDateString();
    if (words) words.textContent = filled(letters === 1 ? texts.one : texts.other, { week, date, letters });
    if (toTheEnd && bar) bar.value = Math.min(week / 12, 0.95);
  }
  location.reload();
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const toTheEnd = event.submitter instanceof HTMLButtonElement && event.submitter.value === "end";
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  if (progress) progress.hidden = false;
  try {
    await skip(toTheEnd);
  } catch (error) {
    if (words)
      words.textContent = filled(texts.failed, { reason: error instanceof Error ? error.message : "" });
    for (const button of buttons) button.disabled = false;
  }
});
