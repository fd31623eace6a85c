import { cpus, loadavg } from 'node:os';
import pg from 'pg';
import { migrate } from '#cli/migrate.ts';
import { PathConfig } from '#contract/paths.ts';
import type { Context } from '#worker/context.ts';
import { createDatabase } from '#worker/db/client.ts';
import { dueReviews } from '#worker/jobs/due-reviews.ts';
import { createLogger } from '#worker/log.ts';
import { startTestDatabase } from '../support/postgres.ts';
import { cardOf, DAY } from '../support/review-bench.ts';
import { say } from './kit.ts';

const LEARNERS = 5000;
const CARDS_EACH = 10;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati'];

/** The cron of due reviews twice at once over 50,000 cards: each gets exactly one task. @throws Error if not. */
export async function benchReviews(): Promise<void> {
  const server = await startTestDatabase();
  const client = new pg.Client({ connectionString: server.postgresUrl });
  try {
    const directory = new URL('../../drizzle', import.meta.url).pathname;
    await migrate({ databaseUrl: server.connectionString, fetchEndpoint: server.fetchEndpoint, directory });
    await client.connect();
    const now = new Date().toISOString();
    const { state } = cardOf([['good', new Date(Date.parse(now) - 6 * DAY).toISOString()]]);
    await client.query(
      `with path as (
         insert into study_paths (user_id, config)
         select 'learner-' || n, $1::jsonb || jsonb_build_object('time_zone', ($2::text[])[1 + n % cardinality($2::text[])])
         from generate_series(1, $3::integer) n returning id, user_id
       )
       insert into review_queue (user_id, problem_id, path_id, module, topic_tags, difficulty, due_day, state, rule_version,
         updated_at)
       select user_id, 'problem-' || n, id, 'hashing', '{array,hash-map}', 2, 
         last_day_of($4::jsonb) + ($4::jsonb->>'scheduled_days')::integer, $4, 1,
         $5::timestamptz
       from path, generate_series(1, $6::integer) n`,
      [
        JSON.stringify(PathConfig.parse({ reviews_per_day: CARDS_EACH })),
        ZONES,
        LEARNERS,
        JSON.stringify(state),
        now,
        CARDS_EACH,
      ],
    );
    await client.query('vacuum analyze');
    say(
      `${LEARNERS * CARDS_EACH} cards due, ${LEARNERS} learners; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`,
    );
    const trips: { statement: string; ms: number }[] = [];
    const database = createDatabase({ url: server.connectionString, fetchEndpoint: server.fetchEndpoint });
    const run = async (requestId: string) => {
      const ctx = {
        db: database.forRequest(requestId, (trip) => trips.push(trip)),
        now,
        requestId,
        actor: { type: 'system', job: dueReviews.name },
        log: createLogger({}, say),
      } as unknown as Context;
      const started = performance.now();
      const { made } = await dueReviews.run(ctx);
      say(`${requestId}: ${made} tasks in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    };
    const started = performance.now();
    await Promise.all([run('first'), run('second')]);
    say(`both: ${((performance.now() - started) / 1000).toFixed(1)} s, ${trips.length} statements`);
    const longest = Math.max(...trips.map(({ ms }) => ms));
    say(`longest statement: ${(longest / 1000).toFixed(2)} s`);
    const idle = trips.length;
    await run('third');
    say(`a run with nothing left to do: ${trips.length - idle} statements`);
    const { rows } = await client.query(
      `select count(*)::integer as tasks, count(distinct (t.path_id, t.problem_id))::integer as cards,
         (select count(*)::integer from review_queue q join study_tasks x on x.id = q.task_id) as marked,
         (select count(*)::integer from task_events) as events
       from study_tasks t`,
    );
    say(JSON.stringify(rows[0]));
    const all = LEARNERS * CARDS_EACH;
    if (Object.values(rows[0] ?? {}).some((count) => count !== all)) throw new Error(`not ${all} each`);
  } finally {
    await client.end();
    await server.close();
  }
}
