import { ROLES } from "../../platform/db/schema/index.ts";

export { ROLES };

/** What someone at the desk is. */
export type Role = (typeof ROLES)[number];

/** Someone at the desk. */
export type DeskPerson = { readonly personId: number; readonly address: string; readonly role: Role };

const EVERYONE = ROLES;
const OWNER = ["owner"] as const;

/** Each act of the desk, and who may do it. What isn't listed for a role, it may not. */
const WHO_MAY = {
  see_numbers: EVERYONE,
  stop_sending: ["owner", "editor", "helper"],
  resume_sending: OWNER,
  re_arm: OWNER,
  clear_alert: OWNER,
  /** Lists of people; for editors with their addresses masked. */
  see_people: ["owner", "editor"],
  /** The page of people: with a list, or for helpers with the search alone. */
  see_readers: ["owner", "editor", "helper"],
  see_addresses: ["owner", "helper"],
  find_person: ["owner", "helper"],
  see_person: ["owner", "helper"],
  suppress_person: ["owner", "helper"],
  /** What a reader can do on their own page, done for them; tags; a letter that failed. */
  help_person: ["owner", "helper"],
  export_people: OWNER,
  tag_people: OWNER,
  import_people: OWNER,
  see_jobs: OWNER,
  erase_person: OWNER,
  change_partner: OWNER,
  /** Write letters, look at them, and see what publishing would mean. */
  write_letters: ["owner", "editor"],
  publish_letters: ["owner", "editor"],
  /** To a thousand people at most. */
  schedule_broadcast: ["owner", "editor"],
  schedule_to_many: OWNER,
  /** What readers see besides letters: names, look, texts, what they agree to. */
  change_site: OWNER,
  see_acts: OWNER,
  see_desk: OWNER,
  change_desk: OWNER,
  /** One's own place at the desk: one's sessions. */
  be_here: EVERYONE,
} as const satisfies Readonly<Record<string, readonly Role[]>>;

/** An act of the desk. */
export type DeskAct = keyof typeof WHO_MAY;

/** Acts that ask for fresh proof of who does them: a link into the desk that was opened a moment ago. */
const ASKS_FOR_PROOF: readonly DeskAct[] = ["re_arm", "change_desk", "erase_person", "export_people"];

/** Whether someone at the desk may do something: the one place where that's decided. */
export function may({ role }: Pick<DeskPerson, "role">, act: DeskAct): boolean {
  const allowed: readonly Role[] = WHO_MAY[act];
  return allowed.includes(role);
}

/** Whether an act asks for fresh proof. */
export function asksForProof(act: DeskAct): boolean {
  return ASKS_FOR_PROOF.includes(act);
}
