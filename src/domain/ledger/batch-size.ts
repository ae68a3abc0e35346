/** Messages of one provider call (resend.com/docs/dashboard/emails/batch-sending). */
export const BATCH_SIZE = 100;
