import { optOuts } from "../../platform/db/schema/index.ts";

/** What a reader may say about leaving, if they like. */
export const LEAVE_REASONS = optOuts.said.enumValues;
export type LeaveReason = (typeof LEAVE_REASONS)[number];
