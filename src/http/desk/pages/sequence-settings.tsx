import type { Context } from "hono";
import { changeSettings } from "../../../domain/letters/drafting.ts";
import { settingsOf } from "../../../domain/letters/letter-schema.ts";
import { listSequences } from "../../../domain/sequences/queries/editions.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { toSequence, wantedDraft } from "./letters.tsx";
import { fieldsOfSequence, inOrder, readSequenceForm } from "./sequence-fields.ts";
import { SequenceSettingsPage } from "./sequence-settings-page.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

const PATH = "/desk/letters/:sequence/settings";
const SEQUENCES_SHOWN = 200;

/** What a sequence is besides its letters; it's published with them. */
export const SEQUENCE_SETTINGS: readonly DeskPage[] = [
  { method: "get", path: PATH, needs: "write_letters", run: (c) => show(c) },
  { method: "post", path: PATH, needs: "write_letters", run: save },
];

type Unsaved = { readonly typed: Fields; readonly faults: Fields; readonly whole: "stale" | "faulty" };

async function show(c: Ctx, unsaved: Unsaved | null = null): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  const { next } = draft.settings;
  const sequences = (await listSequences(c.var.db, "", SEQUENCES_SHOWN)).filter(
    ({ slug, archivedAt }) => slug !== draft.slug && (archivedAt === null || slug === next),
  );
  // One that's chosen stays to be chosen, whatever became of it.
  const isThere = next === undefined || sequences.some(({ slug }) => slug === next);
  const page = (
    <SequenceSettingsPage
      draft={draft}
      typed={unsaved?.typed ?? fieldsOfSequence(draft)}
      faults={unsaved?.faults ?? {}}
      whole={unsaved?.whole ?? null}
      others={isThere ? sequences : [...sequences, { slug: next, title: next }]}
    />
  );
  return showDesk(c, page, { status: unsaved === null ? 200 : unsaved.whole === "stale" ? 409 : 422 });
}

async function save(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  const typed = inOrder(fields);
  const read = readSequenceForm(typed);
  if (read.kind === "faulty") return show(c, { typed, faults: read.faults, whole: "faulty" });
  const stale = () => show(c, { typed, faults: {}, whole: "stale" });
  if (fields.seen !== String(draft.outline)) return stale();
  const { title, language, ...rest } = read.settings;
  const services = await c.var.services();
  const saved = await changeSettings(services, draft, { title, language, settings: settingsOf(rest) });
  return saved.kind === "saved" ? toSequence(c, draft.slug, "settled") : stale();
}
