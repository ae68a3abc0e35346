import type { Config } from "../config.ts";
import type { Db } from "../db/client.ts";
import type { MailProvider } from "./mail-provider.ts";
import { mailboxProvider } from "./mailbox.ts";
import { resendProvider } from "./resend.ts";

/** The provider that the configuration names. `now` is what the mailbox stamps its messages with. */
export function openProvider(config: Config, db: Db, now: number): MailProvider {
  return config.provider.kind === "mailbox" ? mailboxProvider(db, now) : resendProvider(config.provider);
}
