import type { Origin } from "../../../domain/site/origin.ts";
import type { Site } from "../../../domain/site/site.ts";
import type { Language } from "../../../platform/texts/languages.ts";
import { Button, Buttons } from "../../ui/form.tsx";
import { Fault, Notice } from "../../ui/notice.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";
import { labelOf, OwnSiteFields } from "./own-site-form.tsx";
import { Progress } from "./progress.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What acts of this page came to. */
export const OWN_SITE_SAID = {
  saved: "desk.site.said.saved",
  rendering: "desk.site.said.rendering",
  undone: "desk.site.said.undone",
  undoing: "desk.site.said.undoing",
  not_undone: "desk.site.said.not_undone",
} as const satisfies Readonly<Record<string, WordKey>>;

/** The frame in which the page is shown as it would be. */
const FRAME = "site-look";

/** The owner's site, beside how its page looks. */
export function OwnSitePage({
  site,
  revision,
  saved,
  origin,
  undo,
  unsaved,
  rendering,
  languages,
  said,
}: {
  readonly site: Site;
  readonly revision: string;
  /** The fields as they're saved; none before the first time. */
  readonly saved: Fields;
  readonly origin: Origin | null;
  /** The edition that the last save replaced; null for none. */
  readonly undo: number | null;
  readonly unsaved: {
    readonly typed: Fields;
    readonly faults: Fields;
    readonly whole: "stale" | "faulty";
  } | null;
  /** Letters that are being rendered with what was saved last; null for none. */
  readonly rendering: { readonly letters: number; readonly done: number } | null;
  /** In which letters and pages are. */
  readonly languages: readonly Language[];
  readonly said: WordKey | null;
}) {
  const typed = unsaved?.typed ?? saved;
  const differs = Object.keys(saved).filter(
    (name) => unsaved !== null && (saved[name] ?? "") !== (unsaved.typed[name] ?? ""),
  );
  return (
    <DeskPage title={say("desk.site.title")} room="settings" said={said === null ? null : say(said)}>
      <p class="lead">{say("desk.site.lead", { origin: origin ?? "none" })}</p>
      {rendering === null ? null : (
        <>
          <p role="status">
            {say("desk.site.rendering")} <a href="/desk/site">{say("desk.job.look")}</a>
          </p>
          <Progress done={rendering.done} total={rendering.letters} />
        </>
      )}
      {undo === null || unsaved !== null ? null : (
        <DeskForm action="/desk/site/undo" hidden={{ revision, edition: String(undo) }} joined>
          <p>{say("desk.site.undoLead")}</p>
          <Button quiet>{say("desk.site.undo")}</Button>
        </DeskForm>
      )}
      <div class="writing">
        <DeskForm
          action="/desk/site"
          hidden={{ revision, author_picture: typed.author_picture ?? "" }}
          faulty={unsaved !== null}
          files
        >
          {unsaved === null ? null : <Fault alert>{say(`desk.site.fault.${unsaved.whole}`)}</Fault>}
          {unsaved?.whole !== "stale" ? null : (
            <Notice>
              <p>{say("desk.site.differs", { count: differs.length })}</p>
              <ul>
                {differs.map((name) => (
                  <li>
                    {say("desk.site.differing", {
                      field: labelOf(name),
                      saved: shortened(saved[name] ?? ""),
                    })}
                  </li>
                ))}
              </ul>
            </Notice>
          )}
          <OwnSiteFields typed={typed} faults={unsaved?.faults ?? {}} languages={languages} site={site} />
          <Buttons>
            <Button>{say("desk.site.save")}</Button>
            <Button quiet shows={{ action: "/desk/site/look", frame: FRAME }}>
              {say("desk.site.look")}
            </Button>
          </Buttons>
        </DeskForm>
        <section class="reading" aria-label={say("desk.site.preview")}>
          <p class="soft">{say("desk.site.previewHint")}</p>
          <iframe
            class="letter-frame light site"
            name={FRAME}
            title={say("desk.site.preview")}
            src="/desk/site/look"
            sandbox="allow-same-origin"
          />
        </section>
      </div>
    </DeskPage>
  );
}

/** What two people typed differently is told with so many characters of it. */
const TOLD = 300;
const shortened = (text: string) => (text.length > TOLD ? `${text.slice(0, TOLD)}…` : text || "–");

/** What stands in the frame while a field has a fault. */
export function UnshownPage() {
  return (
    <DeskPage title={say("desk.site.preview")} room={null}>
      <p>{say("desk.site.unshown")}</p>
    </DeskPage>
  );
}
