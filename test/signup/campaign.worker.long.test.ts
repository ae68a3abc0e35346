import { beforeEach, expect, test } from "vitest";
import { bomb } from "../support/bomb.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { putPartner } from "../support/partner.ts";
import { OWN_ORIGIN, type Service, sequenceOf, startService } from "../support/service.ts";

let service: Service;
beforeEach(async () => {
  service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(3));
});

test("a campaign of two thousand people from two hundred networks gets two thousand mails", async () => {
  for (let n = 0; n < 2000; n += 1) {
    const network = `198.51.${Math.floor(n / 10)}.${n % 10}`;
    const answer = await service.request("/api/v1/subscriptions", {
      method: "POST",
      headers: { origin: OWN_ORIGIN, "cf-connecting-ip": network },
      body: new URLSearchParams(await service.stamped({ email: `p${n}@web.de` }, network)),
    });
    expect(answer.status).toBe(202);
  }
  for (let n = 0; n < 20; n += 1) await service.drain();
  expect((await service.account()).accepted).toHaveLength(2000);
});

test("a mail bomb of 5,000 posts sends the victim one mail at most", async () => {
  await bomb(service, await putPartner(service, "garden"), 5000);
  expect((await service.account()).accepted).toHaveLength(1);
});
