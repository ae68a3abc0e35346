import { expect, test } from "vitest";
import { lookAtForm } from "../../src/domain/signup/partners/look-at-form.ts";

const KEY = "pk_current0000000000000000";
const OLD = "pk_old00000000000000000000";

/** Looks at a page that answers this, and how it was asked for. */
async function look(answer: Response | Error, url = "https://garden.example/news", insecure = false) {
  const asked: { url: string; init: RequestInit }[] = [];
  const get = (async (where: string, init: RequestInit) => {
    asked.push({ url: where, init });
    if (answer instanceof Error) throw answer;
    return answer;
  }) as typeof fetch;
  const seen = await lookAtForm(get, { url, key: KEY, oldKeys: [OLD], insecure });
  return { seen, asked };
}

const page = (body: BodyInit, status = 200, type = "text/html; charset=utf-8") =>
  new Response(status === 302 ? null : body, { status, headers: { "content-type": type } });

test("a page with the form's key is known, with an older key as well, and one without either", async () => {
  expect((await look(page(`<form><input value="${KEY}"></form>`))).seen).toEqual({
    kind: "read",
    with: "key",
    whole: true,
  });
  expect((await look(page(`<themepost-form partner="${OLD}">`))).seen).toMatchObject({ with: "old_key" });
  expect((await look(page("<p>Soon.</p>"))).seen).toEqual({ kind: "read", with: "no_key", whole: true });
});

test("a page is asked for once, over https, without following it elsewhere, and no longer than five seconds", async () => {
  const { asked } = await look(page(""));
  expect(asked).toHaveLength(1);
  expect(asked[0]?.init).toMatchObject({ redirect: "manual" });
  expect(asked[0]?.init.signal).toBeInstanceOf(AbortSignal);
  expect(await look(page(KEY), "http://garden.example/")).toEqual({ seen: { kind: "not_https" }, asked: [] });
  expect((await look(page(KEY), "http://localhost:8788/", true)).seen).toMatchObject({ with: "key" });
  expect((await look(page("", 302))).seen).toEqual({ kind: "redirects" });
  expect((await look(page(KEY, 404))).seen).toEqual({ kind: "answers", status: 404 });
  expect((await look(page(KEY, 200, "application/json"))).seen).toEqual({ kind: "not_a_page" });
  expect((await look(new Error("timeout"))).seen).toEqual({ kind: "silent" });
});

test("of a page that never ends 64 KB are read, and that's said", async () => {
  let sent = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 8192;
      controller.enqueue(new TextEncoder().encode(sent > 100_000 ? KEY.padEnd(8192) : " ".repeat(8192)));
    },
    cancel() {
      cancelled = true;
    },
  });
  expect((await look(page(endless))).seen).toEqual({ kind: "read", with: "no_key", whole: false });
  expect(cancelled).toBe(true);
  expect(sent).toBeLessThan(100_000);
});
