// A reader's life against a local trial, without a browser: sign-up, confirmation, the mailbox and its clock.

/** A message as /mailbox/messages.json shows it. */
export type MailboxMessage = {
  readonly id: number;
  readonly to: string;
  readonly from: string;
  readonly reply_to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  readonly sent_at: string;
};

/** A reader who signs up at `url`. Each act waits for the mail that it causes. */
export function reader(url: string, email: string, fields: Readonly<Record<string, string>> = {}) {
  const mail = () => mailbox(url, email);
  const arrived = async (count: number): Promise<MailboxMessage[]> => {
    for (const end = Date.now() + 30_000; ; ) {
      const messages = await mail();
      if (messages.length >= count) return messages;
      if (Date.now() > end) throw new Error(`${messages.length} of ${count} messages came to ${email}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const caused = async (act: () => Promise<unknown>): Promise<MailboxMessage> => {
    const { length } = await mail();
    await act();
    const last = (await arrived(length + 1)).at(-1);
    if (last === undefined) throw new Error(`no message came to ${email}`);
    return last;
  };
  const signUp = () =>
    caused(async () => {
      const { stamp, wording } = (await (await fetch(`${url}/api/v1/form-stamp`)).json()) as {
        stamp: string;
        wording: { version: string };
      };
      const proof = { stamp, wording: wording.version };
      await post(url, "/api/v1/subscriptions", { email, ...fields, ...proof });
    });
  const press = (link: string, body = new URLSearchParams()) =>
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
export async function skipWeeks(url: string, weeks: number): Promise<void> {
  for (let left = weeks; left > 0; left -= WEEKS_MAX)
    await post(url, "/mailbox/advance", { weeks: Math.min(left, WEEKS_MAX) });
}

/** Messages to an address, oldest first. */
async function mailbox(url: string, email: string): Promise<MailboxMessage[]> {
  const answer = await fetch(`${url}/mailbox/messages.json?limit=1000&to=${encodeURIComponent(email)}`);
  return ((await answer.json()) as MailboxMessage[]).reverse();
}

/** The first link of a message to a page of this kind. */
export function linkIn(
  message: Pick<MailboxMessage, "html" | "subject"> | undefined,
  purpose: string,
): string {
  const [link] = new RegExp(`https?://[^"]+/${purpose}/[\\w-]+`).exec(message?.html ?? "") ?? [];
  if (link === undefined) throw new Error(`no link to ${purpose} in “${message?.subject}”`);
  return link;
}

async function post(url: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  await answer.text();
}
