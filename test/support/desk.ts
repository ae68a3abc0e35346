import type { Role } from "../../src/domain/desk/may.ts";
import { OWN_ORIGIN, type Service } from "./service.ts";

type Headers = Readonly<Record<string, string>>;

/** Gives someone a place at the desk. */
export async function addToDesk(service: Service, address: string, role: Role): Promise<void> {
  const answer = await service.admin("POST", "/desk/people", { address, role });
  if (answer.status !== 200) throw new Error(await answer.text());
}

/** The path of a new link into the desk. */
export async function deskLink(service: Service, address: string): Promise<string> {
  const answer = await service.admin("POST", "/desk/links", { address });
  if (answer.status !== 201) throw new Error(await answer.text());
  return new URL(((await answer.json()) as { url: string }).url).pathname;
}

/** What the button of a link into the desk does. */
export const enter = (service: Service, path: string) =>
  service.request(path, { method: "POST", headers: { origin: OWN_ORIGIN } });

/** The cookie that an answer sets, as a browser sends it back. */
export function cookieOf(answer: Response): string {
  return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

/** What a form on one of the desk's pages carries. */
export const tokenIn = (html: string): string => /name="desk" value="([0-9a-f]+)"/.exec(html)?.[1] ?? "";

/** Someone at the desk with a session of their own, fresh from their link. */
export async function atDesk(service: Service, address: string) {
  const cookie = cookieOf(await enter(service, await deskLink(service, address)));
  const get = (path: string, headers: Headers = {}) =>
    service.request(path, { headers: { cookie, ...headers } });
  return {
    cookie,
    get,
    /** The text of a page. */
    see: async (path: string) => (await get(path)).text(),
    /** A form of the desk, with what the page of settings carries; `fields.desk` says otherwise. */
    post: async (path: string, fields: Readonly<Record<string, string>> = {}, headers: Headers = {}) => {
      const desk = tokenIn(await (await get("/desk/settings")).text());
      return service.request(path, {
        method: "POST",
        headers: { cookie, origin: OWN_ORIGIN, ...headers },
        body: new URLSearchParams({ desk, ...fields }),
      });
    },
  };
}

/** What a page says, without its markup. */
export const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();

/** The fields of a page's forms, filled in as browsers would post them. */
export function fieldsIn(page: string): Record<string, string> {
  const plain = (text = "") =>
    text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&amp;", "&");
  const fields: Record<string, string> = {};
  for (const [tag, name = ""] of page.matchAll(/<input[^>]* name="(\w+)"[^>]*>/g)) {
    const isBox = tag.includes('type="checkbox"');
    if (!isBox || tag.includes("checked")) fields[name] = plain(/ value="([^"]*)"/.exec(tag)?.[1]);
  }
  for (const [, name = "", text] of page.matchAll(/<textarea[^>]* name="(\w+)"[^>]*>\n?([^<]*)</g))
    fields[name] = plain(text);
  for (const [, name = "", options = ""] of page.matchAll(
    /<select[^>]* name="(\w+)"[^>]*>([\s\S]*?)<\/select>/g,
  ))
    fields[name] = plain(
      /value="([^"]*)" selected/.exec(options)?.[1] ?? /value="([^"]*)"/.exec(options)?.[1],
    );
  return fields;
}
