import type { Context } from "hono";
import * as z from "zod";
import { listPeopleOf } from "../../../domain/broadcasts/queries/people-of.ts";
import { may } from "../../../domain/desk/may.ts";
import { DELIVERY_STATES } from "../../../domain/ledger/delivery-state.ts";
import { masked } from "../../../domain/people/mask.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { say } from "../../ui/say.ts";
import { Pager, Table } from "../../ui/table.tsx";
import type { Here, DeskPage as Route } from "../desk-page.ts";
import { namedBroadcast } from "./broadcast-letter.ts";
import { DeskPage } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";

const SHOWN = 50;

const query = z.object({
  state: z.enum(DELIVERY_STATES),
  reason: z.string().max(200).nullable().catch(null),
  before: z.coerce.number().int().positive().nullable().catch(null),
});

/** The people behind one of a broadcast's numbers. */
export const BROADCAST_PEOPLE: readonly Route[] = [
  { method: "get", path: "/desk/broadcasts/:id/people", needs: "see_people", run: showPeople },
];

async function showPeople(c: Context<AppEnv>, { person }: Here): Promise<Response> {
  const read = query.safeParse(c.req.query());
  const broadcast = await namedBroadcast(c);
  if (broadcast === null || !read.success) return c.notFound();
  const { state, reason, before } = read.data;
  const page = await listPeopleOf(c.var.db, broadcast.id, { state, reason }, { before, limit: SHOWN });
  return showDesk(
    c,
    <PeopleOf
      broadcast={broadcast}
      of={{ state, reason }}
      page={page}
      opens={may(person, "see_person")}
      shows={may(person, "see_addresses")}
    />,
  );
}

function PeopleOf({
  broadcast: { id, subject },
  of: { state, reason },
  page: { people, next },
  opens,
  shows,
}: {
  readonly broadcast: { readonly id: number; readonly subject: string };
  readonly of: { readonly state: z.infer<typeof query>["state"]; readonly reason: string | null };
  readonly page: Awaited<ReturnType<typeof listPeopleOf>>;
  readonly opens: boolean;
  readonly shows: boolean;
}) {
  const path = `/desk/broadcasts/${id}`;
  const which = { state, ...(reason === null ? {} : { reason }) };
  const name = say(`desk.broadcast.${state === "planned" ? "waiting" : state}`, { reason: reason ?? "" });
  return (
    <DeskPage title={name} room="broadcasts">
      <p>
        <a href={path}>{subject}</a>
      </p>
      {people.length === 0 ? (
        <p class="lead">{say("desk.broadcast.nobodyHere")}</p>
      ) : (
        <Table
          name={name}
          head={[say("desk.readers.address"), say("desk.readers.stateOf"), say("desk.broadcast.why")]}
          rows={people.map((one) => [
            opens ? (
              <a href={`/desk/readers/${one.id}`} translate="no">
                {one.address}
              </a>
            ) : (
              <span translate="no">{shows ? one.address : masked(one.address)}</span>
            ),
            say(`desk.readers.state.${one.state}`),
            one.reason ?? "",
          ])}
        />
      )}
      {people.length < SHOWN && next !== null ? (
        <p class="soft">{say("desk.readers.lookedThrough")}</p>
      ) : null}
      <Pager
        next={next === null ? null : `${path}/people?${new URLSearchParams({ ...which, before: `${next}` })}`}
      >
        {say("desk.readers.older")}
      </Pager>
    </DeskPage>
  );
}
