import { type Command, Misused, numbers, Refused, shown } from "./command.ts";
import { localTime, table } from "./show.ts";

type Person = {
  readonly id: number;
  readonly address: string;
  readonly role: string;
  readonly created_at: string;
};
type People = { readonly data: readonly Person[] };

const ROLES = ["owner", "editor", "helper", "viewer"];

function addressIn([address]: readonly string[]): string {
  if (address === undefined || !address.includes("@")) throw new Misused("Whose? Give their address.");
  return address;
}

function peopleTable(people: readonly Person[]): string {
  return table(people, {
    id: ({ id }) => id,
    address: ({ address }) => address,
    role: ({ role }) => role,
    since: (person) => localTime(person.created_at),
  });
}

/** A link into the desk, for the address given or the only owner. */
export const desk: Command = {
  about: "a link into the desk, for the owner or someone else there; it works once",
  args: "[address]",
  run: async ({ admin, words }) => {
    const address = words.length === 0 ? await onlyOwner(admin) : addressIn(words);
    const link = await admin<{ url: string }>("POST", "/desk/links", { address });
    return shown(link, () => [
      link.url,
      `For ${address}. It works once, within ten minutes, and is as good as a password.`,
    ]);
  },
};

async function onlyOwner(admin: <T>(method: "GET", path: string) => Promise<T>): Promise<string> {
  const { data } = await admin<People>("GET", "/desk/people");
  const owners = data.filter(({ role }) => role === "owner");
  const [owner, another] = owners;
  if (owner === undefined)
    throw new Refused("No one is at the desk yet. Add yourself first: add-to-desk you@example.com owner");
  if (another !== undefined)
    throw new Misused(`Whose? Give the address of one of: ${owners.map((each) => each.address).join(", ")}`);
  return owner.address;
}

export const addToDesk: Command = {
  about: "give someone a place as owner, editor, helper or viewer, or another role",
  args: "<address> <role>",
  run: async ({ admin, words }) => {
    const address = addressIn(words);
    const [, role] = words;
    if (role === undefined || !ROLES.includes(role))
      throw new Misused(`As what? One of: ${ROLES.join(", ")}`);
    const added = await admin<{ changed: boolean }>("POST", "/desk/people", { address, role });
    return shown(added, () => [
      `${address} is at the desk as ${role}${added.changed ? "" : ", and was before"}. For a link that lets them in: desk ${address}`,
    ]);
  },
};

export const atDesk: Command = {
  about: "who is at the desk",
  run: async ({ admin }) => {
    const people = await admin<People>("GET", "/desk/people");
    return shown(people, () => [
      people.data.length === 0
        ? "No one is at the desk yet. Add yourself first: add-to-desk you@example.com owner"
        : peopleTable(people.data),
    ]);
  },
};

export const removeFromDesk: Command = {
  about: "take someone's place at the desk",
  args: "<number>",
  run: async ({ admin, words }) => {
    const [id] = numbers(words, "their number (at-desk lists them)");
    return shown(await admin("DELETE", `/desk/people/${id}`), () => [
      "They're no longer at the desk, and their sessions have ended.",
    ]);
  },
};
