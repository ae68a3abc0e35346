/** What an installation has in its Cloudflare account, by its INSTANCE: two of them share nothing. */
export type Names = {
  readonly worker: string;
  readonly database: string;
  /** In this order: letters, confirmations, and what was given up. */
  readonly queues: readonly [letters: string, confirmations: string, dead: string];
  readonly bucket: string;
  /** Counters of the coarse rate limit are shared by what has the same number. */
  readonly rateNamespace: string;
};

/** The names that wrangler.toml has for the trial, which a deploy puts others in the place of. */
export const TRIAL_QUEUES = ["themepost-letters", "themepost-confirmations", "themepost-dead"] as const;

export function namesOf(instance: string): Names {
  const own = `themepost-${instance}`;
  return {
    worker: own,
    database: own,
    queues: [`${own}-letters`, `${own}-confirmations`, `${own}-dead`],
    bucket: `${own}-pictures`,
    rateNamespace: String(1000 + numberOf(instance)),
  };
}

/** A number below a billion that's the same for the same name (FNV-1a). */
function numberOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return hash % 1_000_000_000;
}
