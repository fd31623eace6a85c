-- Imports: the parts of a file wait here until one transaction writes all of them, or none.
CREATE TABLE "import_parts" (
	"import_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"place" integer NOT NULL,
	"rows" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "import_parts_import_id_place_pk" PRIMARY KEY("import_id","place")
);
--> statement-breakpoint
-- A digest of what a learner has learnt, and of the paths that it belongs to: it changes when any of those rows does.
create function learning_seen(learner text) returns text language sql volatile set search_path = public, pg_temp as $$
  select encode(sha256_of(concat_ws(' ',
    (select string_agg(p.id::text, ',' order by p.id) from study_paths p where p.user_id = learner),
    (select string_agg(m.topic || ':' || m.version, ',' order by m.topic) from mastery m where m.user_id = learner),
    (select string_agg(s.path_id || ':' || s.module || ':' || s.version, ',' order by s.path_id, s.module)
     from module_states s join study_paths p on p.id = s.path_id where p.user_id = learner),
    (select string_agg(q.problem_id || ':' || q.version, ',' order by q.problem_id)
     from review_queue q where q.user_id = learner),
    (select count(*) || ':' || count(l.undone_at) from review_log l where l.user_id = learner),
    (select count(*) from learner_events e where e.user_id = learner))), 'hex')
$$;
--> statement-breakpoint
-- Locks what a learner has learnt until the transaction ends, in the order in which results lock it, and refuses to go on
-- when it is no longer what was seen.
create function hold_learner(learner text, seen text) returns void language plpgsql
set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('import:' || learner, 5071965));
  perform from study_paths where user_id = learner order by id for no key update;
  perform from mastery where user_id = learner order by topic for update;
  perform from module_states s join study_paths p on p.id = s.path_id where p.user_id = learner
    order by s.path_id, s.module for update of s;
  perform from review_queue where user_id = learner order by problem_id for update;
  if learning_seen(learner) <> seen then
    raise exception 'the learner has gone on meanwhile' using errcode = '40001';
  end if;
end $$;
--> statement-breakpoint
grant select, insert, delete on import_parts to study_paths_worker;
--> statement-breakpoint
-- A text by what a reader takes for the same, as `folded` of the search rules makes it: nearly every id is ASCII.
create function fold_search(t text) returns text language sql immutable parallel safe as $$
  select case when octet_length(t) = length(t) then lower(replace(t, '`', ''''))
  else normalize(
    replace(replace(replace(replace(translate(
      lower(regexp_replace(normalize(
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(t,
          '[\u2010-\u2015\u2043\u2212\u02D7\uFE31\uFE32\uFE58\uFE63\uFF0D]', '-', 'g'),
          '[`\u00B4\u02B9\u02BB-\u02BF\u02C8\u02CA\u02CB\u055A\u05F3\u1FBD\u1FBF\u1FEF\u1FFD\u1FFE\u2018-\u201B\u2032\u2035\uA78C\uFF07\uFF40]', '''', 'g'),
          '[\u00AB\u00BB\u201C-\u201F\u2033\u2036\uFF02]', '"', 'g'),
          '[\u00AD\u200B-\u200F\u2060\uFEFF]', '', 'g'), NFKD),
        '[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]', '', 'g')),
      'ıςøđðħł', 'iσoddhl'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), NFC) end
$$;
