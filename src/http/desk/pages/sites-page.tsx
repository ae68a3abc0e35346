import type { Joinable } from "../../../domain/sequences/queries/joinable.ts";
import type { listRefusals } from "../../../domain/signup/gate/queries.ts";
import type { Partner } from "../../../domain/signup/partners/partner.ts";
import type { ReportWeek } from "../../../domain/signup/partners/report.ts";
import type { snippetsView } from "../../partners/snippets-view.ts";
import { Instant } from "../../ui/date.tsx";
import { Button } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { Table } from "../../ui/table.tsx";
import type { Fields } from "../desk-page.ts";
import { DeskForm, DeskPage } from "./shell.tsx";
import { SiteForm } from "./site-form.tsx";

/** What acts of these pages came to. */
export const SITES_SAID = {
  made: "desk.sites.said.made",
  saved: "desk.sites.said.saved",
  stale: "desk.sites.said.stale",
  frozen: "desk.sites.said.frozen",
  thawed: "desk.sites.said.thawed",
  key: "desk.sites.said.key",
  linked: "desk.sites.said.linked",
  revoked: "desk.sites.said.revoked",
} as const satisfies Readonly<Record<string, WordKey>>;

type Shared = {
  readonly sequences: readonly Joinable[];
  readonly typed: Fields;
  readonly faults: readonly string[];
  readonly mayChange: boolean;
};

/** All sites that embed the form, and a new one. */
export function SitesPage({ partners, ...form }: Shared & { readonly partners: readonly Partner[] }) {
  return (
    <DeskPage title={say("desk.room.sites")} room="sites">
      <p class="lead">{say("desk.sites.lead", { count: partners.length })}</p>
      {partners.length === 0 ? null : (
        <Table
          name={say("desk.room.sites")}
          head={[say("desk.sites.name"), say("desk.sites.state"), say("desk.sites.origins")]}
          rows={partners.map(({ slug, name, frozen, origins }) => [
            <a href={`/desk/sites/${slug}`}>{name}</a>,
            say(frozen ? "desk.sites.isFrozen" : "desk.sites.isOpen"),
            origins.join(", "),
          ])}
        />
      )}
      {form.mayChange ? <SiteForm partner={null} {...form} /> : null}
    </DeskPage>
  );
}

type SiteProps = Shared & {
  readonly partner: Partner;
  readonly weeks: readonly ReportWeek[];
  readonly refusals: Awaited<ReturnType<typeof listRefusals>>;
  readonly links: ReadonlyArray<{ readonly id: number; readonly createdAt: number; readonly url: string }>;
  readonly snippets: Awaited<ReturnType<typeof snippetsView>>;
  readonly said: WordKey | null;
  readonly timeZone: string;
};

/** One site: how it stands, what it pastes, what came of it, and what can be changed. */
export function SitePage(props: SiteProps) {
  const { partner, weeks, refusals, links, snippets, said, mayChange, timeZone, ...form } = props;
  const { slug, name, frozen, formKey } = partner;
  const [plain, element] = snippets.embeds;
  const action = (what: string) => `/desk/sites/${slug}/${what}`;
  return (
    <DeskPage title={name} room="sites" said={said === null ? null : say(said)}>
      {frozen ? (
        <Notice>
          <p>{say("desk.sites.frozenBanner")}</p>
        </Notice>
      ) : (
        <p class="lead">{say("desk.sites.open")}</p>
      )}
      {mayChange ? (
        <DeskForm action={action("freeze")} hidden={{ frozen: frozen ? "0" : "1" }} joined>
          <Button quiet>{say(frozen ? "desk.sites.thaw" : "desk.sites.freeze")}</Button>
        </DeskForm>
      ) : null}
      <section>
        <h2>{say("desk.sites.paste")}</h2>
        <p>{say("desk.sites.pasteLead")}</p>
        <pre tabindex={0}>{element.html}</pre>
        <details>
          <summary>{say("desk.sites.plain")}</summary>
          <pre tabindex={0}>{plain.html}</pre>
        </details>
      </section>
      <Report weeks={weeks} />
      <Refusals refusals={refusals} />
      {mayChange ? (
        <>
          <SiteForm partner={partner} mayChange {...form} />
          <section>
            <h2>{say("desk.sites.links")}</h2>
            <p>{say("desk.sites.linksLead")}</p>
            {links.map(({ id, createdAt, url }) => (
              <div class="card">
                <p>
                  <a href={url}>{say("desk.sites.link")}</a>, <Instant at={createdAt} timeZone={timeZone} />
                </p>
                <DeskForm action={action("links/revoke")} hidden={{ link: String(id) }} joined>
                  <Button quiet>{say("desk.sites.revoke")}</Button>
                </DeskForm>
              </div>
            ))}
            <DeskForm action={action("links")} joined>
              <Button quiet>{say("desk.sites.newLink")}</Button>
            </DeskForm>
          </section>
          <section>
            <h2>{say("desk.sites.key")}</h2>
            <p>{say("desk.sites.keyLead", { key: formKey })}</p>
            <DeskForm action={action("key")} joined>
              <Button quiet>{say("desk.sites.newKey")}</Button>
            </DeskForm>
          </section>
        </>
      ) : null}
    </DeskPage>
  );
}

const COLUMNS = [
  ["submitted", "partner.submitted"],
  ["confirmed", "partner.confirmed"],
  ["active_after_four_weeks", "partner.active"],
  ["unsubscribed", "partner.unsubscribed"],
  ["refused", "partner.refused"],
] as const satisfies ReadonlyArray<readonly [keyof ReportWeek, WordKey]>;

function Report({ weeks }: Pick<SiteProps, "weeks">) {
  return (
    <section>
      <h2>{say("desk.sites.report")}</h2>
      {weeks.length === 0 ? (
        <p>{say("desk.sites.noReport")}</p>
      ) : (
        <Table
          name={say("desk.sites.report")}
          head={[say("partner.week"), ...COLUMNS.map(([, title]) => say(title))]}
          rows={weeks.map((week) => [week.week, ...COLUMNS.map(([name]) => String(week[name] ?? "…"))])}
        />
      )}
    </section>
  );
}

function Refusals({ refusals }: Pick<SiteProps, "refusals">) {
  if (refusals.length === 0) return null;
  const sums = Map.groupBy(refusals, ({ reason }) => reason);
  return (
    <section>
      <h2>{say("desk.sites.refusals")}</h2>
      <Table
        name={say("desk.sites.refusals")}
        head={[say("desk.import.why"), say("desk.sites.times")]}
        rows={[...sums].map(([reason, of]) => [
          say("desk.sites.refusal", { reason }),
          String(of.reduce((sum, { count }) => sum + count, 0)),
        ])}
      />
    </section>
  );
}
