import type { EnrollmentView } from "../../../domain/sequences/queries/reader.ts";
import { dateOf } from "../../ui/date.tsx";
import { say, sayWith } from "../../ui/say.ts";
import { Dates, SHOWN, titlesOf } from "./dates.tsx";

/** How many letters the shelf shows at once, while more are to come. */
const LATEST = 4;

/** The letters that were sent, to read again. `open` where nothing else is left to do. */
export function Shelf({
  enrollment,
  action,
  open,
}: {
  readonly enrollment: EnrollmentView;
  readonly action: string;
  readonly open: boolean;
}) {
  const count = enrollment.received.length;
  if (count === 0) return null;
  const earlier = open ? 0 : Math.max(0, count - LATEST);
  return (
    <details open={open}>
      <summary>{say(open ? "received.again" : "received.title", { count })}</summary>
      {earlier === 0 ? null : (
        <details>
          <summary>{say("received.earlier", { count: earlier })}</summary>
          <Received enrollment={enrollment} action={action} from={0} to={earlier} />
        </details>
      )}
      <Received enrollment={enrollment} action={action} from={earlier} to={count} />
    </details>
  );
}

function Received({
  enrollment: { received, timeZone, enrollmentId, language },
  action,
  from,
  to,
}: {
  readonly enrollment: EnrollmentView;
  readonly action: string;
  readonly from: number;
  readonly to: number;
}) {
  return (
    <ol class="shelf" start={from + 1}>
      {received.slice(from, to).map(({ title, slotAt, renditionId, online }) => (
        <li>
          {sayWith(
            "received.line",
            {
              link: (inner) =>
                online ? (
                  <a href={`${action}/letters/${enrollmentId}/${renditionId}`} lang={language}>
                    {inner}
                  </a>
                ) : (
                  <span lang={language}>{inner}</span>
                ),
              soft: (inner) => <span class="soft">{inner}</span>,
            },
            { title, date: dateOf(slotAt, timeZone) },
          )}
        </li>
      ))}
    </ol>
  );
}

/** The letters to come after the next: the first of them with their dates where those hold (`dated`), the rest by title. */
export function Ahead({
  enrollment,
  dated,
}: {
  readonly enrollment: EnrollmentView;
  readonly dated: boolean;
}) {
  const { ahead, lacking, received, language } = enrollment;
  const titles = titlesOf(enrollment);
  const undated = dated ? (titles.length === 0 ? [] : ahead.slice(SHOWN)) : ahead;
  return (
    <details>
      <summary>{say("ahead.title", { count: lacking })}</summary>
      {dated ? <Dates schedule={enrollment} left={lacking} titles={titles} language={language} /> : null}
      {undated.length === 0 ? null : (
        <ol start={received.length + 1 + ahead.length - undated.length}>
          {undated.map((title) => (
            <li lang={language}>{title}</li>
          ))}
        </ol>
      )}
    </details>
  );
}
