import pg from 'pg';
import { startMigratedDatabase } from '../support/postgres.ts';
import { allStatements, ctesOf } from '../support/statements.ts';

const ROUNDS = 15;
/** Milliseconds to plan a statement; only crons may take longer. */
const GOAL = 1;

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/**
 * What PostgreSQL needs to plan each statement, which over HTTP it does for each call: the median of some rounds, in one
 * session, with the tables of a new database.
 */
export async function benchStatements(): Promise<void> {
  const server = await startMigratedDatabase();
  const client = new pg.Client({ connectionString: server.adminUrl });
  await client.connect();
  try {
    const rows = [];
    for (const { name, text } of await allStatements()) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const { rows: plan } = await client.query(`explain (generic_plan, summary, format json) ${text}`);
        times.push(plan[0]['QUERY PLAN'][0]['Planning Time'] as number);
      }
      rows.push({ name, planning: median(times), lines: text.split('\n').length, ctes: ctesOf(text) });
    }
    rows.sort((a, b) => b.planning - a.planning);
    process.stdout.write(`${'statement'.padEnd(32)} planning ms  lines  CTEs\n`);
    for (const { name, planning, lines, ctes } of rows)
      process.stdout.write(
        `${name.padEnd(32)} ${planning.toFixed(2).padStart(11)} ${String(lines).padStart(6)} ${String(ctes).padStart(5)}${planning > GOAL ? '  above the goal' : ''}\n`,
      );
  } finally {
    await client.end();
    await server.close();
  }
}
