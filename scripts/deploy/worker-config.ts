import { LEFT_OUT } from "../bench/bundle.ts";
import type { Names } from "./names.ts";
import { TRIAL_QUEUES } from "./names.ts";
import { SECRETS, type Settings } from "./settings.ts";

/** wrangler.toml as wrangler itself understands it, as far as we read it. */
export type Toml = Readonly<Record<string, unknown>> & {
  readonly alias?: Readonly<Record<string, string>>;
  readonly queues?: { readonly producers?: readonly Queue[]; readonly consumers?: readonly Queue[] };
  readonly ratelimits?: readonly Readonly<Record<string, unknown>>[];
};

type Queue = Readonly<Record<string, unknown>> & {
  readonly queue: string;
  readonly dead_letter_queue?: string;
};

/** What wrangler deploys: wrangler.toml with an installation's own names, variables and address, and without what is of the trial alone. */
export function workerConfig(
  toml: Toml,
  settings: Settings,
  names: Names,
  found: { readonly databaseId: string; readonly hasBucket: boolean },
): Record<string, unknown> {
  const { vars: _, d1_databases: __, access: ___, ...shared } = toml;
  const plain = Object.entries(settings).filter(
    ([name]) => !(SECRETS as readonly string[]).includes(name) && name !== "CONTENT",
  );
  const host = new URL(settings.PUBLIC_URL).hostname;
  const workersDev = host.endsWith(".workers.dev");
  const own = (name: string) => names.queues[(TRIAL_QUEUES as readonly string[]).indexOf(name)] ?? name;
  const ofQueue = (queue: Queue) => ({
    ...queue,
    queue: own(queue.queue),
    ...(queue.dead_letter_queue === undefined ? {} : { dead_letter_queue: own(queue.dead_letter_queue) }),
  });
  return {
    ...shared,
    name: names.worker,
    alias: { ...shared.alias, ...LEFT_OUT },
    d1_databases: [
      {
        ...{ binding: "DB", database_name: names.database, database_id: found.databaseId },
        migrations_dir: "migrations",
      },
    ],
    queues: {
      producers: (shared.queues?.producers ?? []).map(ofQueue),
      consumers: (shared.queues?.consumers ?? []).map(ofQueue),
    },
    ratelimits: (shared.ratelimits ?? []).map((limit) => ({ ...limit, namespace_id: names.rateNamespace })),
    r2_buckets: found.hasBucket ? [{ binding: "PICTURES", bucket_name: names.bucket }] : [],
    vars: Object.fromEntries(plain),
    workers_dev: workersDev,
    ...(workersDev ? {} : { routes: [{ pattern: host, custom_domain: true }] }),
  };
}
