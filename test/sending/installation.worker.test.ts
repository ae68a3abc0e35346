import { expect, test } from "vitest";
import { wouldBreak } from "../../scripts/deploy/against-live.ts";
import { signingCheck } from "../../src/domain/sending/installation.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { HOUR, START, sequenceOf, startService } from "../support/service.ts";

test("the database says whose it is, so that no deploy replaces it by mistake; secrets can't be found from it", async () => {
  const service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(1));
  service.moveTo(Math.ceil(START / HOUR) * HOUR);
  await service.tick();
  const rows = await service.rows<{ name: string; value: string }>("select name, value from facts");
  const facts = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  const { instance, publicUrl, signingSecrets, suppressionKey } = service.config;
  expect(JSON.parse(facts.installation ?? "")).toEqual({
    instance,
    public_url: publicUrl,
    signing: [await signingCheck(signingSecrets[0])],
  });
  expect(facts.installation).not.toContain(signingSecrets[0]);
  const settings = {
    ...{
      PUBLIC_URL: publicUrl,
      INSTANCE: instance,
      CONTENT: "",
      MAIL_PROVIDER: "resend",
      RESEND_API_KEY: "re_1",
    },
    ...{ MAIL_FROM: "letters@garden.org", MAIL_REPLY_TO: "hello@garden.org" },
    ...{ ADMIN_TOKEN: "t".repeat(64), SUPPRESSION_KEY: suppressionKey, SIGNING_SECRET: signingSecrets[0] },
  };
  expect(await wouldBreak(settings, facts)).toEqual([]);
  expect(await wouldBreak({ ...settings, SIGNING_SECRET: "s".repeat(64) }, facts)).toHaveLength(1);
});
