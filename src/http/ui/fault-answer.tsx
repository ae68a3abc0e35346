import type { Context } from "hono";
import { say as sayIn } from "../../platform/texts/texts.ts";
import type { AppEnv } from "./app-env.ts";
import { MessagePage } from "./page.tsx";
import { PROBLEMS, type ProblemCode, problem } from "./problem.ts";
import { say } from "./say.ts";
import { showPage } from "./show-page.ts";

/** The name of a fault, by which its texts are called. */
export type FaultName = "tooLarge" | "noPage" | "notSignedIn" | "rate" | "foreign" | "ours";

/** A fault as a page for people and as a problem for programs, by what the request accepts. */
export function faultAnswer(
  c: Context<AppEnv>,
  code: ProblemCode,
  name: FaultName,
): Response | Promise<Response> {
  if (c.req.header("accept")?.includes("text/html") !== true)
    return problem({ code, detail: sayIn(`fault.${name}.detail`) });
  const [status] = PROBLEMS[code];
  return showPage(c, <FaultPage name={name} />, { status });
}

function FaultPage({ name }: { readonly name: FaultName }) {
  return (
    <MessagePage title={say(`fault.${name}.title`)} lead={say(`fault.${name}.detail`)}>
      <p>
        <a href="/">{say("page.toFirst")}</a>
      </p>
    </MessagePage>
  );
}
