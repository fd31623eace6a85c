-- What was stored in plain text of programs' output goes: SQL has no key to seal it with.
ALTER TABLE "task_evaluations" DROP CONSTRAINT "task_evaluations_order";--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD COLUMN "response_output" varchar(20);--> statement-breakpoint
ALTER TABLE "task_evaluations" ADD COLUMN "output" text;--> statement-breakpoint
ALTER TABLE "task_evaluations" ADD COLUMN "hidden" jsonb;--> statement-breakpoint
ALTER TABLE "task_evaluations" ADD COLUMN "judge_faults" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "task_evaluations" DROP COLUMN "error_message";--> statement-breakpoint
ALTER TABLE "task_evaluations" DROP COLUMN "tests";--> statement-breakpoint
ALTER TABLE "task_evaluations" ADD CONSTRAINT "task_evaluations_order" CHECK (attempt >= 1 and run >= 1 and redrives >= 0 and judge_faults >= 0);