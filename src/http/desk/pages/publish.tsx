import type { Context } from "hono";
import * as z from "zod";
import { readCounted } from "../../../domain/jobs/counting.ts";
import type { Draft } from "../../../domain/letters/draft.ts";
import type { Choices } from "../../../domain/letters/publish-draft.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { publishDeps, whyNotPublish } from "../api/publish-deps.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { toSequence, wantedDraft } from "./letters.tsx";
import { type Meaning, PublishPage } from "./publish-page.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

/** From so many readers on, the number is typed before it's published. */
const TYPED_FROM = 1000;

const slugs = z.array(z.string().max(60)).max(260);
const decided = z.object({ newest: z.coerce.number().int().min(0) });

/** Publishing what was written: first what it means in people, then the press, then the way back. */
export const PUBLISH: readonly DeskPage[] = [
  {
    method: "get",
    path: "/desk/letters/:sequence/publish",
    needs: "write_letters",
    run: (c) => show(c, choicesOf(c)),
  },
  { method: "post", path: "/desk/letters/:sequence/publish", needs: "publish_letters", run: publish },
  { method: "post", path: "/desk/letters/:sequence/undo", needs: "publish_letters", run: undo },
];

function choicesOf(c: Ctx): Choices {
  const leftOut = slugs.safeParse(c.req.queries("leave_out") ?? []);
  return { leftOut: leftOut.success ? leftOut.data : [], resume: c.req.query("resume") === "1" };
}

async function show(c: Ctx, choices: Choices, fault: "typed" | "stale" | null = null): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  const [closed, meaning, site] = await Promise.all([
    whyNotPublish(c),
    meaningOf(c, draft, choices),
    c.var.site(),
  ]);
  const page = (
    <PublishPage
      draft={draft}
      choices={choices}
      meaning={meaning}
      closed={closed?.detail ?? null}
      typed={meaning.kind === "ready" && meaning.reached >= TYPED_FROM}
      fault={fault}
      timeZone={site.timeZone}
    />
  );
  return showDesk(c, page, { status: fault === null ? 200 : fault === "stale" ? 409 : 422 });
}

/** Rendering costs more than all the desk's other pages: it's loaded where it's needed. */
async function meaningOf(c: Ctx, draft: Draft, choices: Choices): Promise<Meaning> {
  const counted = await readCounted(c.var.db, draft.slug, await c.var.now());
  if (counted.kind !== "counted") return counted;
  const { previewDraft } = await import("../../../domain/letters/publish-draft.ts");
  const preview = await previewDraft(await publishDeps(c), draft, counted.groups, choices);
  return { ...preview, countedAt: counted.at };
}

async function publish(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  const leftOut = slugs.safeParse((fields.left_out ?? "").split(" ").filter((slug) => slug !== ""));
  const given = decided.safeParse(fields);
  const choices = { leftOut: leftOut.success ? leftOut.data : [], resume: fields.resume === "1" };
  if (!given.success) return show(c, choices, "stale");
  if ((await whyNotPublish(c)) !== null) return show(c, choices);
  const meaning = await meaningOf(c, draft, choices);
  if (meaning.kind !== "ready") return show(c, choices);
  if (meaning.reached >= TYPED_FROM && Number(fields.number) !== meaning.reached)
    return show(c, choices, "typed");
  const { publishDraft } = await import("../../../domain/letters/publish-draft.ts");
  const result = await publishDraft(await publishDeps(c), draft.slug, {
    ...choices,
    newest: given.data.newest,
  });
  switch (result.kind) {
    case "published":
      return toSequence(c, draft.slug, "published");
    case "stale":
    case "no_draft":
      return show(c, choices, "stale");
    case "faulty":
    case "kept":
      return show(c, choices);
  }
}

async function undo(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const slug = c.req.param("sequence") ?? "";
  if ((await whyNotPublish(c)) !== null) return toSequence(c, slug, "not_undone");
  const { undoPublication } = await import("../../../domain/letters/publish-draft.ts");
  const result = await undoPublication(await publishDeps(c), slug, Number(fields.edition) || 0);
  return toSequence(c, slug, result.kind === "published" ? "undone" : "not_undone");
}
