import { beforeEach, expect, test } from "vitest";
import { emptyTables } from "../support/empty-tables.ts";
import { becomeReader, type Service, startService, WEEK } from "../support/service.ts";

const READERS = 7;
/** Enough for every reader to get everything that there may be. */
const WEEKS_MAX = 9;
const TUESDAY = Date.UTC(2026, 10, 24, 8);

type Step = { readonly slug: string; readonly status: "published" | "draft"; readonly backfill: boolean };
type Preview = {
  readonly resuming: number;
  readonly steps: ReadonlyArray<{ slug: string; next: number; later: number; not: number }>;
};
type Came = { readonly anchor: number; readonly slug: string; readonly slot_at: number };

/** Small and good enough for schedules (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

let service: Service;
beforeEach(async () => {
  service = startService();
  await emptyTables(service);
});

const publication = (steps: readonly Step[], resume = false) => ({
  title: "Strengthening Bonds",
  ...(resume ? { resume } : {}),
  welcome: letter({ slug: "welcome", status: "published" }),
  steps: steps.map((step) => ({ ...letter(step), backfill: step.backfill })),
});

function letter({ slug, status }: Pick<Step, "slug" | "status">) {
  return {
    slug,
    status,
    subject: `On ${slug}`,
    preheader: `What there is to say on ${slug}`,
    markdown: `# ${slug}\n\nSome words.`,
  };
}

const themes = () =>
  service.rows<Came>(`select d.anchor, t.slug, d.slot_at from deliveries d join steps t on t.id = d.intended_item
    where d.kind = 'theme' and d.state = 'accepted' order by d.slot_at`);

/** One week goes by; what a dry run and every reader's timeline promised for it is held against what came. */
async function week(): Promise<void> {
  service.moveTo(service.clock.now + WEEK);
  const before = (await themes()).length;
  const dry = (await (await service.admin("POST", "/dry-run", {})).json()) as {
    letters: Record<string, number>;
  };
  const promised = new Map<number, string>();
  for (const { id, anchor } of await service.rows<{ id: number; anchor: number }>(
    "select subscriber_id as id, id as anchor from enrollments",
  )) {
    const { upcoming } = (await (await service.admin("GET", `/subscribers/${id}/timeline`)).json()) as {
      upcoming: { next_step: string; next_at: string | null; why: string }[];
    };
    const [next] = upcoming;
    if (next?.why === "comes" && Date.parse(next.next_at ?? "") <= service.clock.now)
      promised.set(anchor, next.next_step);
  }
  await service.tick();
  await service.drain();
  const came = (await themes()).slice(before);
  const bySlug = Object.fromEntries(
    [...Map.groupBy(came, ({ slug }) => slug)].map(([slug, all]) => [slug, all.length]),
  );
  expect(dry.letters).toEqual(bySlug);
  expect(new Map(came.map(({ anchor, slug }) => [anchor, slug]))).toEqual(promised);
}

test.each([1, 2, 3, 4])(
  "what the preview, the dry run and the timeline promise is what readers get, whatever is edited (seed %i)",
  async (seed) => {
    const chance = seeded(seed);
    const happens = (share: number) => chance() < share;
    const status = () => (happens(0.1) ? "draft" : "published") as Step["status"];
    service.moveTo(TUESDAY - WEEK);
    const old: Step[] = Array.from({ length: 3 + Math.floor(chance() * 3) }, (_, n) => ({
      slug: `old-${n}`,
      status: n === 0 ? "published" : status(),
      backfill: true,
    }));
    await service.publish(publication(old));
    // A reader more each week, so that there is one at every place; some leave, before the end or after it.
    for (let n = 0; n < READERS; n += 1) {
      await becomeReader(service, `reader-${n}@themepost.dev`);
      await week();
    }
    await leaveSome(chance);

    const kept = old.filter(() => happens(0.8));
    const fresh: Step[] = Array.from({ length: 1 + Math.floor(chance() * 3) }, (_, n) => ({
      slug: `new-${n}`,
      status: status(),
      backfill: happens(0.35),
    }));
    const wanted = [...kept];
    for (const step of fresh) wanted.splice(Math.floor(chance() * (wanted.length + 1)), 0, step);
    const resume = happens(0.6);
    const preview = (await (
      await service.admin("POST", "/sequences/strengthening-bonds/preview", publication(wanted, resume))
    ).json()) as Preview;
    const published = (await (await service.publish(publication(wanted, resume))).json()) as {
      resumed?: number;
    };
    expect(published.resumed ?? 0).toBe(preview.resuming);

    // A preview counts drafts as published: so they are, before anyone waits for one.
    await service.publish(publication(wanted.map((step) => ({ ...step, status: "published" }))));
    const before = (await themes()).length;
    for (let n = 0; n < WEEKS_MAX; n += 1) await week();
    const came = Map.groupBy((await themes()).slice(before), ({ anchor }) => anchor);
    for (const { slug, next, later } of preview.steps) {
      const places = [...came.values()].map((own) => own.findIndex((each) => each.slug === slug));
      expect({
        slug,
        next: places.filter((place) => place === 0).length,
        later: places.filter((place) => place > 0).length,
      }).toEqual({ slug, next, later });
    }
  },
);

test("a theme without backfill inserted before the end resumes nobody: not in the preview, and not when it is published", async () => {
  const step = (slug: string, backfill = true): Step => ({ slug, status: "published", backfill });
  const wanted = [step("old-0"), step("new-0", false), step("old-1")];
  service.moveTo(TUESDAY - WEEK);
  await service.publish(publication([step("old-0"), step("old-1")]));
  await becomeReader(service, "ada@themepost.dev");
  for (let n = 0; n < 3; n += 1) await week();
  const enrollments = () => service.rows("select state, next_due_at from enrollments");
  expect(await enrollments()).toEqual([{ state: "completed", next_due_at: null }]);
  const preview = await service.admin(
    "POST",
    "/sequences/strengthening-bonds/preview",
    publication(wanted, true),
  );
  expect(await preview.json()).toMatchObject({ resuming: 0 });
  expect(await (await service.publish(publication(wanted, true))).json()).toMatchObject({ resumed: 0 });
  expect(await enrollments()).toEqual([{ state: "completed", next_due_at: null }]);
});

/** Some readers leave: two of the first, who may have completed the sequence by now, and one of the last. */
async function leaveSome(chance: () => number): Promise<void> {
  const link = async (n: number) => {
    const welcome = (await service.accepted(`reader-${n}@themepost.dev`))[1];
    return /https:\/\/[^"]+(\/unsubscribe\/[\w-]+)/.exec(welcome?.html ?? "")?.[1] ?? "";
  };
  for (const n of [0, 1, 5]) if (chance() < 0.6) await service.request(await link(n), { method: "POST" });
}
