import type { Context } from "hono";
import { say } from "../../platform/texts/texts.ts";
import type { AppEnv } from "./app-env.ts";
import { MessagePage } from "./page.tsx";
import { PROBLEMS, type ProblemCode, problem } from "./problem.ts";
import { showPage } from "./show-page.ts";

/** A fault as a page for people and as a problem for programs, by what the request accepts. */
export function faultAnswer(
  c: Context<AppEnv>,
  code: ProblemCode,
  title: string,
  detail: string,
): Response | Promise<Response> {
  if (c.req.header("accept")?.includes("text/html") !== true) return problem({ code, detail });
  const [status] = PROBLEMS[code];
  const page = (
    <MessagePage title={title} lead={detail}>
      <p>
        <a href="/">{say("page.toFirst")}</a>
      </p>
    </MessagePage>
  );
  return showPage(c, page, { status });
}
