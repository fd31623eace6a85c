import pg from 'pg';

/** When the migrations were generated that the baseline has replaced: the journal of a database that has run them. */
export const TIMES_BEFORE_BASELINE = [
  1795406357240, 1795409427470, 1795409882398, 1795409883853, 1795411717075, 1795412051343, 1795716691406,
  1795716777350, 1795720201922, 1795720205785, 1795723630456, 1796048708032, 1796049036787, 1796057472925,
  1796063478472, 1796067327205,
];

/** Makes a database look as an earlier version left it: the journal of its migrations, and a learner's path. */
export async function makeEarlier(
  postgresUrl: string,
  times: readonly number[] = TIMES_BEFORE_BASELINE,
): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(`create schema drizzle;
      create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
      create table study_paths (id uuid primary key default gen_random_uuid(), user_id varchar(255) not null);
      insert into study_paths (user_id) values ('someone')`);
    await client.query(
      `insert into drizzle.__drizzle_migrations (hash, created_at)
       select encode(sha256(at::text::bytea), 'hex'), at from unnest($1::bigint[]) at`,
      [times],
    );
  } finally {
    await client.end();
  }
}
