import type { Config } from "../../platform/config.ts";
import type { PageContext } from "./page.tsx";

/** The context of a page; `address` is the person's whose page it is, for the trial strip. */
export function pageContext(config: Config, address: string | null = null): PageContext {
  return {
    ownerName: config.owner.name,
    trial: config.provider.kind === "mailbox" ? { address } : null,
  };
}
