/** Where a person stands as a whole. */
export type SubscriberState = "pending" | "active" | "unsubscribed" | "erased";
