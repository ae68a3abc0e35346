CREATE INDEX `enrollments_by_sequence` ON `enrollments` (`sequence_id`,`state`);--> statement-breakpoint
CREATE INDEX `opt_outs_by_age` ON `opt_outs` (`at`);