CREATE UNIQUE INDEX `form_keys_current` ON `form_keys` (`partner_id`) WHERE "form_keys"."retires_at" is null;--> statement-breakpoint
CREATE INDEX `enrollments_by_sequence` ON `enrollments` (`sequence_id`,`state`);--> statement-breakpoint
CREATE INDEX `opt_outs_by_age` ON `opt_outs` (`at`);