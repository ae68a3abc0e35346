/** The blocks of a letter that stand for one reader's situation: how old the son is. */
export const AGE_BANDS = ["young-boy", "teenager", "grown-son"] as const;

/** How old a reader's son is. Without one, a letter speaks to all of them. */
export type AgeBand = (typeof AGE_BANDS)[number];
