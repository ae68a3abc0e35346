/** The slug of the sequence that our own pages offer and show. */
export const OWN_SEQUENCE = "strengthening-bonds";
