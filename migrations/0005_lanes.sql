DROP INDEX `batches_open`;--> statement-breakpoint
CREATE INDEX `batches_open` ON `batches` (`lane`,`enqueued_at`) WHERE "batches"."state" <> 'done';