import pg from 'pg';
import { archiveObjects } from '#cli/archive/objects.ts';
import { verifyLog } from '#cli/log/verify.ts';
import { wordsOf } from '#cli/log/verify-command.ts';

/** Learners whose rows tests write behind the API's back bear this in their names: no log can tell of them. */
const SEEDED = 'seeded-%';

/**
 * Replays everything that the API tests have left in database and archive, except for seeded learners.
 * @throws Error with what is broken or differs.
 */
export async function verifyWholeLog(databaseUrl: string, workerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const started = performance.now();
    for (const table of ['mastery', 'review_queue', 'review_log'])
      await client.query(`delete from ${table} where user_id like $1`, [SEEDED]);
    await client.query(`set study_paths.log_change = 'allowed'`);
    await client.query('delete from learner_events where user_id like $1', [SEEDED]);
    await client.query(`update study_paths set user_id = '' where user_id like $1`, [SEEDED]);
    const archive = archiveObjects(`${workerUrl}/cdn-cgi/local/r2/public/study-paths-events`);
    const verdict = await verifyLog(client, { archive });
    const words = wordsOf(verdict, (performance.now() - started) / 1000);
    if (verdict.broken.length + verdict.differences.length > 0) throw new Error(`log:verify\n${words}`);
    process.stdout.write(`log:verify after the API's tests: ${words}`);
  } finally {
    await client.end();
  }
}
