import type { Context } from "hono";
import { OWN_SEQUENCE } from "../../domain/sequences/own-sequence.ts";
import { listThemes } from "../../domain/sequences/queries/sequences.ts";
import type { FieldFault, TypedSignUp } from "../../domain/signup/form-reading.ts";
import { WORDING } from "../../domain/signup/wording.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { freshStamp } from "../ui/visitor.ts";
import { HomePage } from "./home-page.tsx";

/** Our forms must tell their origin to ourselves, which "no-referrer" would hide (Fetch standard, Origin header). */
export const TELLS_ITSELF = { "referrer-policy": "same-origin" };

/** The public page with its form, as it was filled in where that could not be taken (422). */
export async function showHome(
  c: Context<AppEnv>,
  typed: TypedSignUp,
  faults: readonly FieldFault[],
): Promise<Response> {
  const { config, db } = c.var;
  const themes = await listThemes(db, OWN_SEQUENCE);
  const page = (
    <HomePage
      themes={themes.slice(0, 9)}
      archived={config.archiveInFull !== null && themes.length > 0}
      slot={config.defaultSlot}
      typed={typed}
      faults={faults}
      wording={WORDING}
      hidden={{
        stamp: await freshStamp(c, { formKey: "", from: "" }),
        wording: WORDING.version,
        page: "/",
        time_zone: "",
      }}
    />
  );
  c.set("ownHeaders", TELLS_ITSELF);
  return showPage(c, page, faults.length > 0 ? { status: 422 } : { publicPage: "fresh" });
}
