import { writtenSettings } from "../../../domain/letters/letter-schema.ts";
import type { readEdition, SeenVersion } from "../../../domain/sequences/queries/editions.ts";
import { snake } from "../../api/snake.ts";

type Edition = NonNullable<Awaited<ReturnType<typeof readEdition>>>;

/** The revision of a sequence, for its ETag. */
export function revisionOf({ version, publishedAt }: SeenVersion): string {
  return `${version}-${publishedAt.toString(36)}`;
}

/** A sequence as it was written. */
export function sequenceView({ welcome, steps, settings, ...rest }: Edition) {
  const asWritten = <L extends { readonly ornament: string | null }>({ ornament, ...each }: L) => ({
    ...each,
    ...(ornament === null ? {} : { ornament }),
  });
  return {
    ...snake(rest),
    ...writtenSettings(settings),
    welcome: welcome === null ? null : { ...asWritten(welcome), status: "published" as const },
    steps: steps.map(asWritten),
  };
}
