import { useRequestContext } from "hono/jsx-renderer";
import type { AppEnv, Shown } from "./app-env.ts";

/** What the page that's being shown is written by. Only while a page renders: throws a bug's error anywhere else. */
export function shown(): Shown {
  // biome-ignore lint/correctness/useHookAtTopLevel: hono reads the request from where the page renders, at any depth
  const { shown: known } = useRequestContext<AppEnv>().var;
  if (known === undefined) throw new Error("a page is shown by showPage only");
  return known;
}
