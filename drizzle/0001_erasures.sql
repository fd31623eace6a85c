CREATE TABLE "erasures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"scope" varchar(20) NOT NULL,
	"removed" jsonb NOT NULL,
	"erased_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "erasures_scope" CHECK (scope in ('path', 'learner'))
);
