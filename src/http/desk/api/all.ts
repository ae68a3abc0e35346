import type { Endpoint } from "../../api/endpoint.ts";
import { ACTS } from "./acts.ts";
import { ALERTS } from "./alerts.ts";
import { BROADCAST_ACTS } from "./broadcast-acts.ts";
import { BROADCASTS } from "./broadcasts.ts";
import { CHECKS } from "./checks.ts";
import { COUNTS } from "./counts.ts";
import { PEOPLE_AT_DESK } from "./desk.ts";
import { IMPORTS_API } from "./imports.ts";
import { LETTERS } from "./letters.ts";
import { PARTNERS } from "./partners.ts";
import { PEOPLE } from "./people.tsx";
import { PICTURES } from "./pictures.ts";
import { READERS_API } from "./readers.ts";
import { RUNS } from "./runs.ts";
import { SEGMENTS } from "./segments.ts";
import { SENDING } from "./sending.ts";
import { SEQUENCES } from "./sequences.ts";
import { SITE } from "./site.ts";
import { SUPPRESSIONS } from "./suppressions.ts";

/** The owner's API, every endpoint of it. */
export const OWNERS_API: readonly Endpoint[] = [
  ...SITE,
  ...PICTURES,
  ...SEQUENCES,
  ...SEGMENTS,
  ...BROADCASTS,
  ...BROADCAST_ACTS,
  ...RUNS,
  ...LETTERS,
  ...SENDING,
  ...CHECKS,
  ...ALERTS,
  ...PEOPLE,
  ...READERS_API,
  ...IMPORTS_API,
  ...SUPPRESSIONS,
  ...COUNTS,
  ...PARTNERS,
  ...ACTS,
  ...PEOPLE_AT_DESK,
];
