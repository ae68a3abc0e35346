// A reader's life against a local trial, without a browser: sign-up, confirmation, the mailbox and its clock.

/** Somebody who signs up at `url`. Each act waits for the mail that it causes. */
export function reader(url, email, fields = {}) {
  const mail = () => mailbox(url, email);
  const arrived = async (count) => {
    for (const end = Date.now() + 30_000; ; ) {
      const messages = await mail();
      if (messages.length >= count) return messages;
      if (Date.now() > end) throw new Error(`${messages.length} of ${count} messages came to ${email}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const caused = async (act) => {
    const { length } = await mail();
    await act();
    return (await arrived(length + 1)).at(-1);
  };
  const signUp = () =>
    caused(async () => {
      const { stamp, wording } = await (await fetch(`${url}/api/v1/form-stamp`)).json();
      const proof = { stamp, wording: wording.version };
      await post(url, "/api/v1/subscriptions", { email, ...fields, ...proof });
    });
  const press = (link, body = new URLSearchParams()) =>
    fetch(link, { method: "POST", body, headers: { origin: url } });
  return {
    mail,
    signUp,
    press,
    caused,
    /** Signs up and confirms; the last message is then the welcome. */
    join: async () => {
      const confirmation = await signUp();
      return caused(() => press(linkIn(confirmation, "confirm")));
    },
  };
}

/** The mailbox moves its clock by so many weeks at most at a time. */
const WEEKS_MAX = 60;

/** Moves the mailbox's clock by weeks, and sends what falls due on the way. */
export async function skipWeeks(url, weeks) {
  for (let left = weeks; left > 0; left -= WEEKS_MAX)
    await post(url, "/mailbox/advance", { weeks: Math.min(left, WEEKS_MAX) });
}

/** Messages to an address, oldest first. */
export async function mailbox(url, email) {
  const answer = await fetch(`${url}/mailbox/messages.json?limit=1000&to=${encodeURIComponent(email)}`);
  return (await answer.json()).reverse();
}

/** The first link of a message to a page of this kind. */
export function linkIn(message, purpose) {
  const [link] = new RegExp(`https?://[^"]+/${purpose}/[\\w-]+`).exec(message?.html ?? "") ?? [];
  if (link === undefined) throw new Error(`no link to ${purpose} in “${message?.subject}”`);
  return link;
}

async function post(url, path, body) {
  const answer = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
