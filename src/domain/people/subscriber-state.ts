import { subscribers } from "../../platform/db/schema/index.ts";

/** Where a person stands as a whole. */
export const SUBSCRIBER_STATES = subscribers.state.enumValues;
export type SubscriberState = (typeof SUBSCRIBER_STATES)[number];
