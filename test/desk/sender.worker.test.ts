import { expect, test } from "vitest";
import { addToDesk, atDesk, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { WHOLE_LIST } from "../support/resend-emulator/account.ts";
import { startService } from "../support/service.ts";

const RECORDS = {
  "send.themepost.dev": ["v=spf1 include:amazonses.com ~all"],
  "resend._domainkey.themepost.dev": [`p=${"A".repeat(200)}`],
  "_dmarc.themepost.dev": ["v=DMARC1; p=none"],
};
const WEBHOOK = {
  id: "w1",
  endpoint: "https://letters.themepost.dev/webhooks/resend",
  status: "enabled",
  events: ["sent", "delivered", "delivery_delayed", "bounced", "complained", "failed", "suppressed"].map(
    (event) => `email.${event}`,
  ),
  signing_secret: "whsec_c2VjcmV0",
};

test("an owner sees whether their mail will arrive, what to do where not, and what couldn't be asked", async () => {
  const service = startService({ ownGuard: true, vars: { MAIL_FROM: "Rosa <rosa@letters.themepost.dev>" } });
  await emptyTables(service);
  await addToDesk(service, "rosa@lindner.at", "owner");
  const rosa = await atDesk(service, "rosa@lindner.at");
  const see = async () => textOf(await rosa.see("/desk/settings/sending"));
  const bare = await see();
  expect(bare).toMatch(/5 things are wrong with letters\.themepost\.dev/);
  expect(bare).toContain("Add and verify letters.themepost.dev at resend.com/domains.");
  const domain = {
    id: "d1",
    name: "themepost.dev",
    status: "verified",
    open_tracking: true,
    click_tracking: false,
  };
  const own = Object.fromEntries(
    Object.entries(RECORDS).map(([name, texts]) => [
      name.startsWith("_dmarc") ? name : name.replace("themepost", "letters.themepost"),
      texts,
    ]),
  );
  await service.arrangeAccount({ domains: [domain], webhooks: [WEBHOOK], dns: own, dailyQuota: 100 });
  const tracked = await see();
  expect(tracked).toContain("One thing is wrong");
  expect(tracked).toContain("Switch open and click tracking off");
  expect(tracked).toMatch(/Sent today 0 of 100/);
  await service.arrangeAccount({ domains: [{ ...domain, open_tracking: false }] });
  expect(await see()).toContain("All is right with letters.themepost.dev.");
  await service.arrangeAccount({ dns: null });
  expect(await see()).toMatch(/Nothing is wrong .* as far as could be asked.*SPF Couldn.t ask just now/);
});

test("an owner has the webhook set up, is shown its secret once, and a faulty one is made whole", async () => {
  const service = startService({ ownGuard: true });
  await emptyTables(service);
  await addToDesk(service, "rosa@lindner.at", "owner");
  const rosa = await atDesk(service, "rosa@lindner.at");
  const press = () => rosa.post("/desk/settings/sending/webhook");
  expect(textOf(await rosa.see("/desk/settings/sending"))).toContain("Reports from Resend Wrong");
  const made = await press();
  const html = await made.text();
  expect([made.status, made.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(html).toMatch(/RESEND_WEBHOOK_SECRET=whsec_\S+</);
  expect(textOf(await rosa.see("/desk/settings/sending"))).toContain("Reports from Resend Right");
  const kept = await service.rows(
    "select verb, stage, changed, request_id from acts where object = 'webhook:resend'",
  );
  expect(kept).toMatchObject([
    { stage: "intent", changed: "{}" },
    { stage: "settled", changed: '{"done":true}' },
  ]);
  expect(JSON.stringify(kept)).not.toContain("whsec_");

  for (const faulty of [{ status: "disabled" }, { events: ["email.sent"] }]) {
    await service.arrangeAccount({ webhooks: [{ ...WEBHOOK, ...faulty }] });
    expect(textOf(await rosa.see("/desk/settings/sending"))).toContain("Reports from Resend Wrong");
    expect(textOf(await (await press()).text())).toContain("RESEND_WEBHOOK_SECRET=whsec_c2VjcmV0");
    expect(textOf(await rosa.see("/desk/settings/sending"))).toContain("Reports from Resend Right");
  }
  await service.arrangeAccount({ list: { ...WHOLE_LIST, sendOnly: true } });
  expect((await press()).headers.get("location")).toBe("/desk/settings/sending?done=webhook_failed");
  const refused = textOf(await rosa.see("/desk/settings/sending?done=webhook_failed"));
  expect(refused).toContain("your key may not do this");
  expect(refused).toContain("Reports from Resend Couldn’t ask just now");
});
