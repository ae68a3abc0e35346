import { makeStamp, STAMP_MIN_MS } from "../../src/domain/signup/gate/stamp.ts";

/** Starts `act` at a steady rate whether or not earlier ones have ended; returns the times in ms. */
export async function load(
  act: (n: number) => Promise<unknown>,
  perSecond: number,
  seconds: number,
): Promise<number[]> {
  const times: number[] = [];
  const open: Promise<unknown>[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const waitMs = startedAt + (n * 1000) / perSecond - performance.now();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const began = performance.now();
    open.push(act(n).then(() => times.push(performance.now() - began)));
  }
  await Promise.all(open);
  return times;
}

/** Fields of a sign-up form. */
export type Fields = Readonly<Record<string, string>>;

/** What a visitor's form posts: a stamp of their own for their network, an address at a domain of their own. */
export async function visitor(secret: string, name: string, network: string | null = null): Promise<Fields> {
  const at = { wallNow: Date.now() - STAMP_MIN_MS, random: crypto.randomUUID().replaceAll("-", "") };
  return {
    email: emailOf(name),
    first_name: "Ada",
    time_zone: "Europe/London",
    stamp: await makeStamp(secret, { formKey: "", network, from: "" }, at),
  };
}

/** The address of the visitor of that name. */
export function emailOf(name: string): string {
  return `${name}@${name}-themepost.dev`;
}

const wordings = new Map<string, Promise<string>>();

/** The version of the wording that the form of our own page shows, asked for once. */
function wordingOf(url: string): Promise<string> {
  const known =
    wordings.get(url) ??
    fetch(`${url}/api/v1/form-stamp`).then(async (answer) => {
      const { wording } = (await answer.json()) as { readonly wording: { readonly version: string } };
      return wording.version;
    });
  wordings.set(url, known);
  return known;
}

/** Posts a sign-up of our own page, from a network where one is given. Returns the status: 202 or 403, or whatever `expected` names too. */
export async function signUp(
  { url, port, network }: { readonly url: string; readonly port: number; readonly network?: string },
  fields: Fields,
  expected: readonly number[] = [202, 403],
): Promise<number> {
  const answer = await fetch(`${url}/api/v1/subscriptions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: `http://localhost:${port}`,
      ...(network === undefined ? {} : { "cf-connecting-ip": network }),
    },
    body: JSON.stringify({ wording: await wordingOf(url), ...fields }),
  });
  await answer.text();
  if (!expected.includes(answer.status)) throw new Error(`a sign-up was answered ${answer.status}`);
  return answer.status;
}
