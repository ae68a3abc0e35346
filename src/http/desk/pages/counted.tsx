import type { Counted } from "../../../domain/jobs/counting.ts";
import { moment } from "../../ui/date.tsx";
import { Button } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";
import { Progress } from "./progress.tsx";
import { DeskForm } from "./shell.tsx";

/** The page of a sequence that a count of its readers leads back to. */
type Of = { readonly base: string; readonly page: "publish" | "sequence" };

/** What stands where readers aren't counted: the bar, or the button. */
export function NotCounted({
  counted,
  base,
  page,
}: Of & { readonly counted: Exclude<Counted, { readonly kind: "counted" }> }) {
  return counted.kind === "counting" ? (
    <>
      <p class={page === "publish" ? "lead" : undefined} role="status">
        {say("desk.publish.counting")}{" "}
        {page === "publish" ? say("desk.publish.byItself") : <a href={base}>{say("desk.job.look")}</a>}
      </p>
      <Progress done={counted.cursor} total={counted.total} />
    </>
  ) : (
    <DeskForm action={`${base}/count`} hidden={{ page }} card>
      <p>{say("desk.publish.uncounted")}</p>
      <Button quiet={page !== "publish"}>{say("desk.publish.count")}</Button>
    </DeskForm>
  );
}

/** When the readers were counted, with the button to count them again; nothing where it was just now (null). */
export function CountedAt({
  at,
  base,
  page,
  timeZone,
}: Of & { readonly at: number | null; readonly timeZone: string }) {
  return at === null ? null : (
    <DeskForm action={`${base}/count`} hidden={{ page }} joined>
      <p class="soft">
        {say("desk.publish.counted", moment(at, timeZone))}{" "}
        <Button quiet>{say("desk.publish.countAgain")}</Button>
      </p>
    </DeskForm>
  );
}
