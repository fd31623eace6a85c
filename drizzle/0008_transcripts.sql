CREATE TABLE "task_transcripts" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"hint_id" text NOT NULL,
	"sealed" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "task_transcripts" ADD CONSTRAINT "task_transcripts_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_task_transcripts_task" ON "task_transcripts" USING btree ("task_id");--> statement-breakpoint
insert into task_transcripts (event_id, task_id, hint_id, sealed)
select id, task_id, payload->>'hint_id', sealed from task_events where sealed is not null;
--> statement-breakpoint
ALTER TABLE "task_events" DROP COLUMN "sealed";--> statement-breakpoint
-- Only the owner of the tables seals anew.
grant select, insert on task_transcripts to study_paths_worker;
