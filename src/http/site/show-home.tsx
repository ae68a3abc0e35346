import type { Context } from "hono";
import { listOffered, type Offered } from "../../domain/sequences/queries/joinable.ts";
import {
  type FieldFault,
  NO_FIELDS,
  type SignUpFields,
  type TypedSignUp,
} from "../../domain/signup/form-reading.ts";
import { ownWording } from "../../domain/signup/wording.ts";
import type { Site } from "../../domain/site/site.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { freshStamp } from "../ui/visitor.ts";
import { HomePage, SequencePage } from "./home-page.tsx";
import type { OfferedForm } from "./sequence-parts.tsx";

type Ctx = Context<AppEnv>;

/** Our forms must tell their origin to ourselves, which "no-referrer" would hide (Fetch standard, Origin header). */
export const TELLS_ITSELF = { "referrer-policy": "same-origin" };

/** What was filled in, and what is wrong with it. */
type Filled = { readonly typed: TypedSignUp; readonly faults: readonly FieldFault[] };

const EMPTY: Filled = { typed: NO_FIELDS, faults: [] };

async function formOf(
  c: Ctx,
  site: Site,
  sequence: Offered,
  page: string,
  filled: Filled,
): Promise<OfferedForm> {
  const wording = await ownWording(site, sequence.language);
  return {
    sequence,
    wording,
    ...filled,
    hidden: {
      stamp: await freshStamp(c, { formKey: "", from: "" }),
      wording: wording.version,
      sequence: sequence.slug,
      page,
      time_zone: "",
    },
  };
}

/**
 * The form of a sequence, to stand at the end of another page; without a slug that of the only one there is. Null where it takes nobody. The page that
 * shows it tells our origin to ourselves.
 */
export async function formAtEnd(c: Ctx, slug?: string): Promise<OfferedForm | null> {
  const offered = await listOffered(c.var.db);
  const [only, ...others] = slug === undefined ? offered : offered.filter((one) => one.slug === slug);
  if (only === undefined || others.length > 0) return null;
  c.set("ownHeaders", { ...c.var.ownHeaders, ...TELLS_ITSELF });
  return formOf(c, await c.var.site(), only, `/s/${only.slug}`, EMPTY);
}

/** The public page with the form of each sequence. Made for each visitor: a form carries a stamp. */
export async function showHome(c: Ctx): Promise<Response> {
  const [site, offered] = [await c.var.site(), await listOffered(c.var.db)];
  const forms: OfferedForm[] = [];
  for (const sequence of offered) forms.push(await formOf(c, site, sequence, "/", EMPTY));
  c.set("ownHeaders", TELLS_ITSELF);
  return showPage(c, <HomePage site={site} forms={forms} />, {
    publicPage: "fresh",
    language: site.language,
  });
}

/** The page of a sequence; null where it takes nobody. */
export async function showSequence(c: Ctx, slug: string): Promise<Response | null> {
  const sequence = (await listOffered(c.var.db)).find((one) => one.slug === slug);
  if (sequence === undefined) return null;
  const site = await c.var.site();
  const form = await formOf(c, site, sequence, `/s/${slug}`, EMPTY);
  c.set("ownHeaders", TELLS_ITSELF);
  const page = <SequencePage site={site} form={form} />;
  return showPage(c, page, { publicPage: "fresh", language: sequence.language });
}

/** The page with a form of ours that could not be taken (422), as it was filled in. */
export async function showForm(
  c: Ctx,
  fields: SignUpFields,
  faults: readonly FieldFault[],
): Promise<Response> {
  const [site, offered] = [await c.var.site(), await listOffered(c.var.db)];
  const [only, second] = offered;
  const sequence = second === undefined ? only : offered.find(({ slug }) => slug === fields.sequence);
  if (sequence === undefined) return showHome(c);
  c.set("ownHeaders", TELLS_ITSELF);
  const filled = { typed: fields, faults };
  // One form at a time is looked at again: of several sequences, on the page of its own.
  const home = second === undefined && fields.page === "/";
  const form = await formOf(c, site, sequence, home ? "/" : `/s/${sequence.slug}`, filled);
  const page = home ? <HomePage site={site} forms={[form]} /> : <SequencePage site={site} form={form} />;
  return showPage(c, page, { status: 422, language: sequence.language });
}
