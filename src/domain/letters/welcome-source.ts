import type { WelcomeSource } from "../../platform/db/schema/index.ts";
import type { Letter } from "./letter-schema.ts";

/** What is kept of a welcome as it was written. */
export function welcomeSourceOf({ slug, subject, preheader, markdown, ornament }: Letter): WelcomeSource {
  return { slug, subject, preheader, markdown, ornament: ornament ?? null };
}

/** Whether two welcomes were written alike. */
export function isSameWelcome(one: WelcomeSource, other: WelcomeSource): boolean {
  const fields = ["slug", "subject", "preheader", "markdown", "ornament"] as const;
  return fields.every((field) => one[field] === other[field]);
}
