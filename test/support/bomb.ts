import type { PartnerAnswer } from "./partner.ts";
import { OWN_ORIGIN, PARTNER_ORIGIN, type Service } from "./service.ts";

const SPELLINGS = ["victim", "v.ictim", "vi.ct.im", "victim+a", "VICTIM+b+c", "v.i.c.t.i.m"];

/** Asks for a victim's confirmation so many times: by two forms, three doors, many networks and every spelling; then sends what's planned. */
export async function bomb(service: Service, partner: PartnerAnswer, posts: number): Promise<void> {
  const stampOf = new Map<string, Record<string, string>>();
  for (let n = 0; n < posts; n += 1) {
    const email = `${SPELLINGS[n % SPELLINGS.length]}${n % 7 === 0 ? `+${n}` : ""}@gmail.com`;
    const network = `198.51.${n % 250}.${Math.floor(n / 250)}`;
    const key = n % 2 === 0 ? partner.form_key : "";
    const form: Record<string, string> = key === "" ? {} : { partner: key, wording: partner.wording.version };
    const fields = stampOf.get(`${network} ${key}`) ?? (await service.stamped(form, network));
    stampOf.set(`${network} ${key}`, fields);
    const headers = { origin: key === "" ? OWN_ORIGIN : PARTNER_ORIGIN, "cf-connecting-ip": network };
    const body = new URLSearchParams({ ...fields, ...form, email });
    const path = n % 3 === 0 ? "/subscribe" : "/api/v1/subscriptions";
    const answer = await service.request(path, { method: "POST", headers, body });
    if (![202, 303].includes(answer.status)) throw new Error(`${answer.status} ${await answer.text()}`);
  }
  await service.drain();
}
