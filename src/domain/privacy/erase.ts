import type { JournalEntry } from "../../platform/guard/guard-port.ts";
import type { Doer } from "../acts/act.ts";
import type { Address } from "../people/address.ts";
import { addressHash } from "../people/address-hash.ts";
import { journalOptOuts, showGrowth } from "../people/journal.ts";
import { type Erasure, readErasure, requestOwnersErasure } from "../people/queries/erasures.ts";
import { findSubscriber } from "../people/queries/subscribers.ts";
import type { Services } from "../services.ts";
import { confirmErasure, eraseNow } from "./queries/erasing.ts";

type EraseDeps = Pick<Services, "db" | "config" | "guard" | "kinds" | "now" | "wallNow" | "random">;

/**
 * Fulfils a request to erase someone: from now on nothing is mailed to the address ever again, and all that is known of the
 * person goes at once, or (`waiting`) as soon as a letter that is on its way has got its answer. The Guard hears of it first,
 * so that a database restored in the next moment still learns of it. `by` is the owner, where they ask. Idempotent.
 */
export async function erase(
  deps: EraseDeps,
  erasure: Erasure,
  by: Doer | null = null,
): Promise<"erased" | "waiting"> {
  const { db, guard, now } = deps;
  if (erasure.erasedAt !== null) return "erased";
  if (erasure.confirmedAt === null) {
    const { addressHash: hash } = erasure;
    const entry: JournalEntry = {
      addressHash: hash,
      kind: "suppressed",
      sequenceId: null,
      reason: "erased",
      at: now,
    };
    const journaled = await guard.journal([entry], deps.wallNow()).catch(() => null);
    if (await confirmErasure(db, erasure, { now, journaled, by })) {
      await journalOptOuts(deps).catch(() => 0);
      await showGrowth(deps);
    }
  }
  return (await eraseNow(db, deps.kinds, erasure, now)) ? "erased" : "waiting";
}

/** Erases the person with this address on the owner's word, for those who cannot be mailed; `unknown` where there is none. */
export async function eraseByOwner(
  deps: EraseDeps & Pick<Services, "by">,
  address: Address,
): Promise<"erased" | "waiting" | "unknown"> {
  const { db, now } = deps;
  const hash = await addressHash(deps.config, address.key);
  const found = await findSubscriber(db, { key: address.key, hash });
  if (found === null) return "unknown";
  if (found.state === "erased") return "erased";
  const request = { subscriberId: found.id, addressHash: hash, requestId: deps.random(), now };
  const erasure = await readErasure(db, (await requestOwnersErasure(db, request)) ?? 0);
  return erasure === null ? "unknown" : erase(deps, erasure, deps.by);
}
