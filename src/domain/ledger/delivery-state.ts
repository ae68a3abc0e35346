import { deliveries } from "../../platform/db/schema/index.ts";

/** Where a delivery stands. */
export const DELIVERY_STATES = deliveries.state.enumValues;
