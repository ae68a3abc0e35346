import type { EnrollmentView, ReaderView } from "../../../domain/sequences/queries/reader.ts";
import type { Schedule } from "../../../domain/sequences/schedule.ts";

/** What was typed into a form of the page that could not be taken as it was, and why. */
export type Typed = {
  readonly enrollmentId: number | null;
  readonly fields: Readonly<Record<string, string>>;
  /** `page`: of the page as a whole; else of the field named. */
  readonly fault: {
    readonly field: "page" | "slot" | "time_zone" | "until" | "first_name";
    readonly text: string;
  } | null;
  /** A schedule that is shown before it is saved. */
  readonly preview: Schedule | null;
};

/** What every part of a sequence on the page needs. */
export type CardProps = {
  readonly enrollment: EnrollmentView;
  readonly reader: ReaderView;
  /** Whether a letter of it is on its way at this moment. */
  readonly underWay: boolean;
  readonly action: string;
  readonly now: number;
  readonly typed: Typed | null;
};
