import { judgePrecondition, type Precondition } from "../../api/precondition.ts";
import type { Problem } from "../../ui/problem.ts";

/** The problem with a change of something (a noun) that isn't what was seen any more. */
export function staleProblem(what: string): Problem {
  return {
    code: "stale",
    detail: `The ${what} has changed since you read it. Read it again, and send your change with its new ETag.`,
  };
}

/** Why something may not be changed, where `current` is the revision of what is there (null: nothing); null where it may. */
export function whyNotChange(what: string, expects: Precondition, current: string | null): Problem | null {
  switch (judgePrecondition(expects, current)) {
    case "met":
      return null;
    case "stale":
      return staleProblem(what);
    case "missing":
      return {
        code: "revision_missing",
        detail: `Read the ${what} first, and send its ETag as If-Match: someone else may have changed it.`,
      };
  }
}
