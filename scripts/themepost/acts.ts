import type { List } from "./api.ts";
import { type Command, inWords, shown, textOf } from "./command.ts";
import { localTime, table } from "./show.ts";

/** Something the owner should look at. */
export type Alert = {
  readonly name: string;
  readonly detail: string;
  readonly count: number;
  readonly last_at: string;
};

/** Something that was done. */
export type Act = {
  readonly at: string;
  readonly actor: string;
  readonly verb: string;
  readonly object: string;
  readonly changed: Readonly<Record<string, unknown>>;
  readonly settled: boolean;
};

export function alertTable(list: readonly Alert[]): string {
  return table(list, {
    alert: (alert) => alert.name,
    detail: (alert) => alert.detail,
    times: (alert) => alert.count,
    last: (alert) => localTime(alert.last_at),
  });
}

export const alerts: Command = {
  about: "what needs a look",
  run: async ({ admin }) => {
    const list = await admin<{ data: Alert[] }>("GET", "/alerts");
    return shown(list, () => [list.data.length === 0 ? "No alerts." : alertTable(list.data)]);
  },
};

export const clear: Command = {
  about: "clear an alert",
  args: "<name>",
  run: async ({ admin, words }) => {
    const name = encodeURIComponent(textOf(words, "which alert"));
    return shown(await admin("DELETE", `/alerts/${name}`), () => ["Cleared."]);
  },
};

export const acts: Command = {
  about: "what was done, when and by whom; to one thing such as partner:garden",
  args: "[object]",
  run: async ({ admin, words: [object] }) => {
    const query = object === undefined ? "" : `?object=${encodeURIComponent(object)}`;
    const list = await admin<List<Act>>("GET", `/acts${query}`);
    return shown(list, () => [
      list.data.length === 0
        ? "Nothing has been done yet."
        : table(list.data, {
            when: (act) => localTime(act.at),
            who: (act) => inWords(act.actor),
            what: (act) => `${inWords(act.verb)}${act.settled ? "" : " (outcome unknown)"}`,
            object: (act) => act.object,
            changed: (act) => changedIn(act),
          }),
      list.has_more ? `These are the latest ${list.data.length}; there are older ones.` : "",
    ]);
  },
};

/** More than this and a line of the table breaks on most screens. */
const CHANGED_MAX = 60;

/** What an act changed, or only the names of the fields where that would be long. */
function changedIn({ changed }: Act): string {
  const values = Object.entries(changed).map(
    ([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const whole = values.join(", ");
  if (whole.length <= CHANGED_MAX) return whole;
  const names = Object.keys(changed).join(", ");
  return names.length <= CHANGED_MAX ? names : `${Object.keys(changed).length} fields`;
}
