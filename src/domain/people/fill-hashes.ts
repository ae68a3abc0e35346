import type { Config } from "../../platform/config.ts";
import type { Db } from "../../platform/db/client.ts";
import { addressHash } from "./address-hash.ts";
import { readUnhashed, writeHashes } from "./queries/opting-out.ts";

const PAGE = 500;

/** Gives subscribers from before the suppression list their address hash, a page a call. Returns how many. */
export async function fillHashes(deps: { readonly db: Db; readonly config: Config }): Promise<number> {
  const rows = await readUnhashed(deps.db, PAGE);
  if (rows.length === 0) return 0;
  const hashed = await Promise.all(
    rows.map(async ({ id, addressKey }) => ({ id, hash: await addressHash(deps.config, addressKey) })),
  );
  await writeHashes(deps.db, hashed);
  return rows.length;
}
