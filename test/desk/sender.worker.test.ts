import { expect, test } from "vitest";
import { addToDesk, atDesk, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { startService } from "../support/service.ts";

const RECORDS = {
  "send.themepost.dev": ["v=spf1 include:amazonses.com ~all"],
  "resend._domainkey.themepost.dev": [`p=${"A".repeat(200)}`],
  "_dmarc.themepost.dev": ["v=DMARC1; p=none"],
};

test("an owner sees whether their mail will arrive, what to do where not, and what couldn't be asked", async () => {
  const service = startService({ ownGuard: true, vars: { MAIL_FROM: "Rosa <rosa@letters.themepost.dev>" } });
  await emptyTables(service);
  await addToDesk(service, "rosa@lindner.at", "owner");
  const rosa = await atDesk(service, "rosa@lindner.at");
  const see = async () => textOf(await rosa.see("/desk/settings/sending"));
  const bare = await see();
  expect(bare).toMatch(/4 things are wrong with letters\.themepost\.dev/);
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
  await service.arrangeAccount({ domains: [domain], dns: own, dailyQuota: 100 });
  const tracked = await see();
  expect(tracked).toContain("One thing is wrong");
  expect(tracked).toContain("Switch open and click tracking off");
  expect(tracked).toMatch(/Sent today 0 of 100/);
  await service.arrangeAccount({ domains: [{ ...domain, open_tracking: false }] });
  expect(await see()).toContain("All is right with letters.themepost.dev.");
  await service.arrangeAccount({ dns: null });
  expect(await see()).toMatch(/Nothing is wrong .* as far as could be asked.*SPF Couldn.t ask just now/);
});
