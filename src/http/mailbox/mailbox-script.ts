/**
 * Skips ahead week by week with progress shown, instead of one long request. Without it the plain forms do the work. Its
 * texts are the page's, in data attributes.
 */
export const MAILBOX_SCRIPT = `
const form = document.querySelector('form[data-advance]');
const progress = document.querySelector('#progress');
const bar = progress?.querySelector('progress');
const words = progress?.querySelector('p');
const texts = progress?.dataset;

function filled(text, values) {
  return text.replace(/\\{(\\w+)\\}/g, (place, name) => values[name] ?? place);
}

async function skipWeek() {
  const answer = await fetch('/mailbox/advance', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ weeks: 1 }),
  });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({ detail: texts.silent }));
    throw new Error(problem.detail);
  }
  return answer.json();
}

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const toTheEnd = event.submitter?.value === 'end';
  const buttons = form.querySelectorAll('button');
  for (const button of buttons) button.disabled = true;
  progress.hidden = false;
  const weeksMax = toTheEnd ? 60 : 1;
  let letters = 0;
  let quiet = 0;
  try {
    for (let week = 1; week <= weeksMax && quiet < 2; week += 1) {
      const { now, accepted } = await skipWeek();
      letters += accepted;
      quiet = accepted === 0 ? quiet + 1 : 0;
      const date = new Date(now).toDateString();
      words.textContent = filled(letters === 1 ? texts.one : texts.other, { week, date, letters });
      if (toTheEnd) bar.value = Math.min(week / 12, 0.95);
    }
    location.reload();
  } catch (error) {
    words.textContent = filled(texts.failed, { reason: error.message });
    for (const button of buttons) button.disabled = false;
  }
});
`;
