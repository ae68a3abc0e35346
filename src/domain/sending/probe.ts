import { batch } from "../../platform/db/batch.ts";
import type { Db } from "../../platform/db/client.ts";
import { readFact, setInFact, writeFact } from "../../platform/db/facts.ts";
import { recordAct, recordIntent } from "../acts/queries/acts.ts";
import type { Services } from "../services.ts";

/** Addresses of Resend's that behave as they're called (resend.com/docs/dashboard/emails/send-test-emails). */
const TEST_ADDRESSES = ["delivered@resend.dev", "bounced@resend.dev", "complained@resend.dev"] as const;

/** The fact that holds the last probe. */
const PROBE = "probe";
/** The tag by which a report is known to be about a probe. */
export const PROBE_TAG = "probe";

const TIMEOUT_MS = 10_000;

/** The last round trip through the provider: when it left, whether it was taken, and what came back, each with when. */
export type Probe = {
  readonly id: string;
  readonly at: number;
  readonly taken: boolean;
  readonly seen: Readonly<Record<string, number>>;
};

type Deps = Pick<Services, "db" | "config" | "provider" | "random" | "now" | "by">;

/**
 * Sends a letter to each of the provider's test addresses, and to `to` (someone at the desk; null for nobody), to see that mail leaves and reports come
 * back. They belong to no reader and stand in no ledger. Kept as an act, before and after.
 */
export async function sendProbe(deps: Deps, to: string | null): Promise<Probe> {
  const { db, config, provider, now, by } = deps;
  const id = deps.random();
  const act = { at: now, verb: "test_letter", object: "probe:resend" } as const;
  await recordIntent(db, by, { ...act, changed: {} });
  await writeFact(db, PROBE, JSON.stringify({ id, at: now, taken: false, seen: {} }));
  const { instance, mail, publicUrl } = config;
  const { host } = new URL(publicUrl);
  const text = `This is a test of ${host}. It was asked for on the command line (doctor). Nothing has to be done about it.`;
  const messages = [...TEST_ADDRESSES, ...(to === null ? [] : [to])].map((address) => ({
    to: address,
    from: mail.from,
    replyTo: mail.replyTo,
    subject: `[Test] ${host} can send`,
    html: `<p>${text}</p>`,
    text,
    headers: {},
    tags: [{ name: PROBE_TAG, value: `${instance}-${id}` }],
  }));
  const answer = await provider.send({
    idempotencyKey: `${instance}-probe-${id}`,
    messages,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const taken = answer.kind === "accepted" && answer.rejected.length === 0;
  await setInFact(db, PROBE, { where: ["id", id], set: "taken", value: taken });
  await batch(db, { act: recordAct(by, { ...act, changed: { taken } }) });
  return (await readProbe(db)) ?? { id, at: now, taken, seen: {} };
}

/** The last probe; null where none was sent. */
export async function readProbe(db: Db): Promise<Probe | null> {
  const kept = await readFact(db, PROBE);
  return kept === null ? null : (JSON.parse(kept) as Probe);
}

/** Notes a report about the probe of that id; nothing for an older one. However often it comes, the same is noted. */
export function noteProbe(db: Db, id: string, what: string, at: number): Promise<void> {
  return setInFact(db, PROBE, { where: ["id", id], set: `seen.${what}`, value: at });
}
