import { expect, test } from "vitest";
import { readDraft } from "../../src/domain/letters/drafting.ts";
import { Chance } from "../simulation/seeded.ts";
import { addToDesk, atDesk, fieldsIn } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { becomeReader, HOUR, runUntil, sequenceOf, startService, WEEK } from "../support/service.ts";

const SEQUENCE = "/desk/letters/strengthening-bonds";
const READERS = 6;
const LETTER = { preheader: "No umbrella needed", ornament: "" };

test.each([1, 2, 3, 4, 5])(
  "what the desk promises before a publication is what comes to readers after it (seed %i)",
  async (seed) => {
    const chance = new Chance(seed);
    const service = startService({ ownGuard: true });
    await emptyTables(service);
    await service.publish(sequenceOf(4));
    for (let reader = 0; reader < READERS; reader += 1) {
      await becomeReader(service, `reader-${seed}-${reader}@web.de`);
      await runUntil(service, service.clock.now + chance.below(3) * WEEK, 4 * HOUR);
    }
    await addToDesk(service, "rosa@lindner.at", "owner");
    const rosa = await atDesk(service, "rosa@lindner.at");
    const move = async (letter: string, to: string) =>
      rosa.post(`${SEQUENCE}/move`, {
        letter,
        move: to,
        seen: fieldsIn(await rosa.see(SEQUENCE)).seen ?? "",
      });
    await rosa.post(`${SEQUENCE}/letters`, { subject: "New letter" });
    const path = `${SEQUENCE}/letters/new-letter`;
    await rosa.post(path, {
      ...{ ...LETTER, subject: "New letter", revision: fieldsIn(await rosa.see(path)).revision ?? "" },
      markdown: "# New\n\nSome words.\n\n## This week\n\n1. Walk",
    });
    await move("new-letter", "publish");
    for (let up = chance.below(5); up > 0; up -= 1) await move("new-letter", "up");
    if (chance.happens(0.5))
      await move(`theme-${1 + chance.below(4)}`, chance.happens(0.5) ? "up" : "archive");
    const query = [
      ...(chance.happens(0.5) ? ["leave_out=new-letter"] : []),
      ...(chance.happens(0.5) ? ["resume=1"] : []),
    ].join("&");
    const page = await rosa.see(`${SEQUENCE}/publish?${query}`);
    const slugs = new Map(
      (await readDraft(service.db, "strengthening-bonds"))?.steps.map(({ subject, slug }) => [subject, slug]),
    );
    const promised = [
      ...page.matchAll(
        /<th scope="row">([^<]*)<\/th><td>[^<]*<\/td><td>(\d+)<\/td><td>(\d+)<\/td><td>(\d+)<\/td>/g,
      ),
    ].flatMap(([, subject = "", next, later]) => {
      const slug = slugs.get(subject);
      return slug === undefined ? [] : [[slug, Number(next), Number(later)] as const];
    });
    const { newest = "", left_out = "", resume = "" } = fieldsIn(page);
    const publishedAt = service.clock.now;
    const done = await rosa.post(`${SEQUENCE}/publish`, { newest, left_out, resume });
    expect(done.headers.get("location")).toContain("done=published");
    await runUntil(service, service.clock.now + 7 * WEEK, 4 * HOUR);
    const came = await service.rows<{ reader: number; slug: string }>(
      `select deliveries.anchor as reader, steps.slug as slug from deliveries join steps on steps.id = deliveries.item
       where deliveries.kind = 'theme' and deliveries.state = 'accepted' and deliveries.slot_at > ? order by deliveries.slot_at`,
      publishedAt,
    );
    const firsts = [...Map.groupBy(came, ({ reader }) => reader).values()].map(([first]) => first?.slug);
    const kept = promised.map(([slug]) => {
      const next = firsts.filter((first) => first === slug).length;
      return [slug, next, came.filter((one) => one.slug === slug).length - next];
    });
    expect(promised.length).toBeGreaterThan(0);
    expect(kept).toEqual(promised);
  },
);
