import { type Context, Hono } from "hono";
import type { AppEnv } from "../ui/app-env.ts";
import { MessagePage } from "../ui/page.tsx";
import { readForm } from "../ui/read-form.ts";
import { say } from "../ui/say.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink } from "../ui/signed-link.tsx";

type Ctx = Context<AppEnv>;

const behindTestLink = behindLink("test", async () => ({}));

/** Where the links of a letter lead that someone at the desk sent themselves: nothing is read or changed. */
export function testRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/test/:token", behindTestLink(showTest))
    .post("/test/:token", behindTestLink(press));
}

function showTest(c: Ctx): Promise<Response> {
  c.set("language", "en");
  return showPage(c, <TestLinkPage />);
}

function TestLinkPage() {
  return <MessagePage title={say("desk.testLink.title")} lead={say("desk.testLink.lead")} />;
}

/** A mailbox's own button is answered as it would be in a reader's letter. */
async function press(c: Ctx): Promise<Response> {
  const form = await readForm(c);
  return form["List-Unsubscribe"] === "One-Click"
    ? c.text("This is a test letter. Nothing changed.", 200, { "cache-control": "no-store" })
    : showTest(c);
}
