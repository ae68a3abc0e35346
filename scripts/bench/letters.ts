import type { Rendition } from "../../src/domain/letters/rendition.ts";
import { compileRendition, mergeLetter } from "../../src/domain/sending/merge.ts";
import { queryLocal } from "../local-database.ts";
import { withBenchWorker } from "./bench-worker.ts";
import type { Measured } from "./measured.ts";

const MERGES = 20_000;

/** Size of the built-in letters as published, and the time of one merge. */
export async function letters(): Promise<readonly Measured[]> {
  const renditions = await withBenchWorker(async ({ stateDir }) =>
    queryLocal<Rendition>(stateDir, "select id, subject, html, text from renditions"),
  );
  const largest = renditions.reduce((a, b) => (b.html.length > a.html.length ? b : a));
  const compiled = compileRendition(largest);
  const values = {
    greeting: "Dear Ada,",
    unsubscribe_url: "https://x/u",
    preferences_url: "https://x/p",
    read_url: "https://x/r",
    first_theme_date: "x",
  };
  const startedAt = performance.now();
  let length = 0;
  for (let n = 0; n < MERGES; n += 1) {
    const merged = mergeLetter(compiled, values);
    // Flattened, as sending it would: a joined string is only written down when it is read.
    length += merged.kind === "merged" ? Buffer.byteLength(merged.html) : 0;
  }
  const ms = (performance.now() - startedAt) / MERGES;
  if (length === 0) throw new Error("nothing was merged");
  return [
    {
      what: "largest letter of the built-in sequence (bytes of HTML)",
      value: Buffer.byteLength(largest.html),
      budget: "≤ 25000",
    },
    { what: "one merge of it (ms)", value: Math.round(ms * 10_000) / 10_000, budget: "≤ 0.02" },
  ];
}
