import type { Kept, Origin } from "../../../domain/site/origin.ts";
import type { Problem } from "../../ui/problem.ts";

const MADE: Readonly<Record<Origin, string>> = {
  built_in: "shipped with Themepost",
  files: "published from files",
  api: "published by a program",
  desk: "made at the desk",
};

/** The problem with an edition that would replace one that was made elsewhere, with what it would change. */
export function madeElsewhere({ publishedFrom, differs }: Kept): Problem {
  return {
    code: "made_elsewhere",
    detail: `What’s published was ${MADE[publishedFrom]}, and this differs from it. Take it over first (themepost pull), or send this with \`force\`.`,
    faults: Object.entries(differs).map(([field, to]) => ({
      field,
      message: `would be ${typeof to === "string" ? to : JSON.stringify(to)}`.slice(0, 200),
    })),
  };
}
