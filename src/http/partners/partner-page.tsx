import type { Partner } from "../../domain/signup/partners/partner.ts";
import { isTestUrl } from "../../domain/signup/partners/partner-schema.ts";
import type { Cell, ReportWeek } from "../../domain/signup/partners/report.ts";
import type { Language } from "../../platform/texts/labels.ts";
import { say, type WordKey } from "../../platform/texts/texts.ts";
import { ASSETS } from "../ui/assets.ts";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { Facts, Table } from "../ui/table.tsx";
import { Check, type Checked } from "./check-form.tsx";
import { FormToPaste } from "./form-to-paste.tsx";
import type { snippetsView } from "./snippets-view.ts";

type PartnerPageProps = {
  readonly partner: Partner;
  readonly snippets: Awaited<ReturnType<typeof snippetsView>>;
  readonly language: Language;
  /** Which of the snippets is shown. */
  readonly kind: "element" | "plain";
  readonly script: string;
  readonly weeks: readonly ReportWeek[];
  readonly thisWeek: number;
  /** The last day on which a form was used, epoch ms; null where none was. */
  readonly lastSeenAt: number | null;
  /** What a look at their page came to; null where none was asked for. */
  readonly checked: Checked | null;
  /** The path of the page. */
  readonly action: string;
};

/** What a partner needs: what came of their forms, whether one works, the form to paste, and what's known of their site. */
export function PartnerPage(props: PartnerPageProps) {
  const { partner, script, weeks, thisWeek } = props;
  return (
    <Page title={say("partner.title", { name: partner.name })} scripts={[script, ASSETS["partner.js"]]} wide>
      <h1>{say("partner.title", { name: partner.name })}</h1>
      <p class="lead">{say("partner.lead")}</p>
      {partner.frozen ? (
        <Notice>
          <p>{say("partner.frozen")}</p>
        </Notice>
      ) : null}
      <p
        role="status"
        id="said"
        data-copied={say("partner.copied")}
        data-refused={say("partner.notCopied")}
      />
      <Results weeks={weeks} thisWeek={thisWeek} />
      <Check {...props} />
      <FormToPaste {...props} />
      <section aria-labelledby="facts-title">
        <h2 id="facts-title">{say("partner.site")}</h2>
        <Facts
          of={[
            [say("partner.origins"), partner.origins.map((origin) => <div>{originWord(origin)}</div>)],
            [say("partner.formKey"), partner.formKey],
            ...[partner.wording, ...partner.translations].map(
              ({ version, locale, text }) =>
                [
                  say("partner.wording", { version }),
                  <span lang={locale} dir="auto">
                    {text}
                  </span>,
                ] as const,
            ),
          ]}
        />
        <p class="soft">{say("partner.siteNote")}</p>
      </section>
    </Page>
  );
}

function originWord(origin: string): string {
  return isTestUrl(origin) ? say("partner.testOrigin", { origin }) : origin;
}

const COLUMNS: ReadonlyArray<readonly [keyof ReportWeek, WordKey]> = [
  ["submitted", "partner.submitted"],
  ["confirmed", "partner.confirmed"],
  ["active_after_four_weeks", "partner.active"],
  ["unsubscribed", "partner.unsubscribed"],
  ["bounced", "partner.bounced"],
  ["complained", "partner.complained"],
  ["refused", "partner.refused"],
];

function Results({ weeks, thisWeek }: Pick<PartnerPageProps, "weeks" | "thisWeek">) {
  return (
    <section aria-labelledby="report-title">
      <h2 id="report-title">{say("partner.report")}</h2>
      <p>
        <strong>{say("partner.thisWeek", { count: thisWeek })}</strong>{" "}
        <span class="soft">{say("partner.thisWeekNote")}</span>
      </p>
      {weeks.length === 0 ? (
        <p>{say("partner.noReport")}</p>
      ) : (
        <>
          <Table
            name={say("partner.weeks")}
            head={[say("partner.week"), ...COLUMNS.map(([, title]) => say(title))]}
            rows={weeks.map((week) => [
              week.week,
              ...COLUMNS.map(([name]) => shown(week[name] as Cell | null)),
            ])}
          />
          <p class="soft">{say("partner.reportNote")}</p>
        </>
      )}
    </section>
  );
}

function shown(cell: Cell | null): string {
  if (cell === null) return say("partner.tooEarly");
  return cell === "<5" ? say("partner.fewerThanFive") : String(cell);
}
