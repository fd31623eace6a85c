CREATE TABLE "mastery" (
	"user_id" varchar(255) NOT NULL,
	"topic" text NOT NULL,
	"rating" double precision NOT NULL,
	"n" integer NOT NULL,
	"reason" varchar(30) NOT NULL,
	"rule_version" integer NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mastery_user_id_topic_pk" PRIMARY KEY("user_id","topic"),
	CONSTRAINT "mastery_rating" CHECK (rating between 0 and 3000),
	CONSTRAINT "mastery_n" CHECK (n >= 0),
	CONSTRAINT "mastery_reason" CHECK (reason in ('first-evidence', 'solved-harder', 'solved-expected', 'partly-above', 'partly-below', 'missed-expected', 'missed-easier', 'review-failed')),
	CONSTRAINT "mastery_versions" CHECK (rule_version >= 1 and version >= 1)
);
--> statement-breakpoint
CREATE TABLE "module_states" (
	"path_id" uuid NOT NULL,
	"module" varchar(50) NOT NULL,
	"difficulty" integer NOT NULL,
	"successes" integer NOT NULL,
	"reason" varchar(30) NOT NULL,
	"rule_version" integer NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "module_states_path_id_module_pk" PRIMARY KEY("path_id","module"),
	CONSTRAINT "module_states_module" CHECK (module in ('introduction', 'arrays-strings', 'hashing', 'linked-lists', 'stacks-queues', 'trees-graphs', 'sorting-searching', 'heaps', 'greedy', 'dynamic-programming', 'recursion-backtracking', 'bit-manipulation', 'math-geometry', 'design')),
	CONSTRAINT "module_states_difficulty" CHECK (difficulty between 1 and 5),
	CONSTRAINT "module_states_successes" CHECK (successes between 0 and 1),
	CONSTRAINT "module_states_reason" CHECK (reason in ('start', 'stepped-up', 'stepped-down', 'held', 'at-top', 'at-bottom')),
	CONSTRAINT "module_states_versions" CHECK (rule_version >= 1 and version >= 1)
);
--> statement-breakpoint
CREATE TABLE "review_log" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" varchar(255) NOT NULL,
	"problem_id" varchar(100) NOT NULL,
	"task_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"log" jsonb NOT NULL,
	"undone_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "review_log_seq" UNIQUE("user_id","problem_id","seq"),
	CONSTRAINT "review_log_seq_positive" CHECK (seq >= 1)
);
--> statement-breakpoint
CREATE TABLE "review_queue" (
	"user_id" varchar(255) NOT NULL,
	"problem_id" varchar(100) NOT NULL,
	"path_id" uuid NOT NULL,
	"module" varchar(50) NOT NULL,
	"topic_tags" text[] DEFAULT '{}' NOT NULL,
	"difficulty" integer NOT NULL,
	"due" timestamp (3) with time zone NOT NULL,
	"state" jsonb NOT NULL,
	"task_id" uuid,
	"rule_version" integer NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "review_queue_user_id_problem_id_pk" PRIMARY KEY("user_id","problem_id"),
	CONSTRAINT "review_queue_module" CHECK (module in ('introduction', 'arrays-strings', 'hashing', 'linked-lists', 'stacks-queues', 'trees-graphs', 'sorting-searching', 'heaps', 'greedy', 'dynamic-programming', 'recursion-backtracking', 'bit-manipulation', 'math-geometry', 'design')),
	CONSTRAINT "review_queue_difficulty" CHECK (difficulty between 1 and 5),
	CONSTRAINT "review_queue_versions" CHECK (rule_version >= 1 and version >= 1)
);
--> statement-breakpoint
ALTER TABLE "module_states" ADD CONSTRAINT "module_states_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_log" ADD CONSTRAINT "review_log_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_queue" ADD CONSTRAINT "review_queue_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_queue" ADD CONSTRAINT "review_queue_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_review_log_task" ON "review_log" USING btree ("task_id");--> statement-breakpoint
CREATE INDEX "idx_review_queue_due" ON "review_queue" USING btree ("due");--> statement-breakpoint
CREATE INDEX "idx_review_queue_user_due" ON "review_queue" USING btree ("user_id","due");--> statement-breakpoint
CREATE INDEX "idx_review_queue_path" ON "review_queue" USING btree ("path_id");--> statement-breakpoint
CREATE INDEX "idx_review_queue_task" ON "review_queue" USING btree ("task_id") WHERE task_id is not null;--> statement-breakpoint
CREATE INDEX "idx_practice_months_month" ON "practice_months" USING btree ("month","path_id");