import type { Child } from "hono/jsx";
import type { Checked } from "../../../domain/sending/check-sender.ts";
import type { Config } from "../../../platform/config.ts";
import type { Quota } from "../../../platform/providers/mail-provider.ts";
import { Button } from "../../ui/form.tsx";
import { say, sayWith, type WordKey } from "../../ui/say.ts";
import { Facts, Table } from "../../ui/table.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What acts of this page came to. */
export const SENDER_SAID = {
  webhook_failed: "desk.sender.said.webhook_failed",
} as const satisfies Readonly<Record<string, WordKey>>;

const WEBHOOK: ReadonlyArray<Checked["what"]> = ["webhook", "reports"];

/** What's to be done with the secret of a webhook that was set up a moment ago; empty where Resend doesn't tell it. */
export function WebhookPage({ secret }: { readonly secret: string }) {
  const code = (inner: Child) => <code>{inner}</code>;
  return (
    <DeskPage title={say("desk.sender.webhookTitle")} room="settings" said={say("desk.sender.webhookDone")}>
      {secret === "" ? null : <pre tabindex={0}>{say("desk.sender.webhookSecret", { secret })}</pre>}
      <p>{sayWith("desk.sender.webhookNext", { code }, { told: secret === "" ? "no" : "yes" })}</p>
      <p>
        <a href="/desk/settings/sending">{say("desk.sender.webhookBack")}</a>
      </p>
    </DeskPage>
  );
}

/** Whether mail is trusted to arrive: the domain and its records, each right, wrong or not to be asked, how much of the quota is used, and what's kept. */
export function SenderPage({
  domain,
  checks,
  usage,
  trial,
  from,
  webhookUrl,
  keep,
  said,
}: {
  readonly domain: string;
  readonly checks: readonly Checked[];
  readonly usage: { readonly daily: Quota; readonly monthly: Quota } | null;
  readonly trial: boolean;
  readonly from: string;
  readonly webhookUrl: string;
  readonly keep: Config["keep"];
  readonly said: WordKey | null;
}) {
  const wrong = checks.filter(({ state }) => state === "wrong").length;
  const unasked = checks.filter(({ state }) => state === "could_not_ask").length;
  const used = ({ used: n, limit }: Quota) =>
    limit === null ? String(n) : say("desk.sender.used", { n, limit });
  return (
    <DeskPage title={say("desk.sender.title")} room="settings" said={said === null ? null : say(said)}>
      <p class="lead">
        {trial ? say("desk.sender.trial") : say("desk.sender.lead", { domain, wrong, unasked })}
      </p>
      {trial ? null : (
        <section>
          <h2>{say("desk.sender.checks")}</h2>
          <Table
            name={say("desk.sender.checks")}
            head={[say("desk.sender.what"), say("desk.sender.state"), say("desk.sender.remedy")]}
            rows={checks.map(({ what, state }) => [
              say("desk.sender.check", { what }),
              say("desk.sender.isState", { state }),
              state === "wrong" ? say("desk.sender.fix", { what, domain, webhookUrl }) : "",
            ])}
          />
          {checks.some(({ what, state }) => state === "wrong" && WEBHOOK.includes(what)) ? (
            <DeskForm action="/desk/settings/sending/webhook" card>
              <p>{say("desk.sender.setUpLead", { webhookUrl })}</p>
              <Button>{say("desk.sender.setUp")}</Button>
            </DeskForm>
          ) : null}
        </section>
      )}
      <section>
        <h2>{say("desk.sender.facts")}</h2>
        <Facts
          of={[
            [say("desk.sender.from"), from],
            trial ? null : [say("desk.sender.webhookUrl"), webhookUrl],
            usage === null ? null : [say("desk.sender.today"), used(usage.daily)],
            usage === null ? null : [say("desk.sender.month"), used(usage.monthly)],
          ]}
        />
      </section>
      <section>
        <h2>{say("desk.sender.kept")}</h2>
        <Facts
          of={[
            [say("desk.sender.keptPending"), say("desk.sender.days", { days: keep.pendingDays })],
            [say("desk.sender.keptNetwork"), say("desk.sender.days", { days: keep.networkDays })],
            [say("desk.sender.keptEvents"), say("desk.sender.days", { days: keep.eventDays })],
            [say("desk.sender.keptChanges"), say("desk.sender.days", { days: keep.changeDays })],
            [say("desk.sender.keptImports"), say("desk.sender.days", { days: 7 })],
          ]}
        />
      </section>
    </DeskPage>
  );
}
