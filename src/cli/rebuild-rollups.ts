import { neon, neonConfig } from '@neondatabase/serverless';
import * as z from 'zod';
import { type DatabaseSettings, readDatabaseSettings, wordsOfError } from './database-settings.ts';

const USAGE = `Rebuilds the sums of progress from tasks and evaluations, path by path, and says how many were wrong.
usage: npm run rollups:rebuild [-- <path id> ...]      without ids: every path
DATABASE_URL (of the role that owns the tables) and NEON_FETCH_ENDPOINT come from the environment or .dev.vars, else from
the stack that npm run dev has started here.
`;

/** Paths that one query lists. */
const PAGE = 1000;
const FIRST = '00000000-0000-0000-0000-000000000000';

const Ids = z.array(z.object({ id: z.uuid() }));
const Rebuilt = z.array(z.object({ differed: z.int() }));

export type RebuildReport = {
  paths: number;
  /** Rows that were missing, superfluous or wrong before; anything but 0 means a writer bypassed the triggers. */
  differed: number;
};

/**
 * Rebuilds the rollups of the given paths, or of all. Each path is a transaction of its own, so that its learner waits
 * for that one only, and whatever interrupts the run leaves every path either as it was or right.
 */
export async function rebuildRollups(
  { databaseUrl, fetchEndpoint }: DatabaseSettings,
  pathIds: readonly string[] = [],
): Promise<RebuildReport> {
  if (fetchEndpoint !== undefined) neonConfig.fetchEndpoint = fetchEndpoint;
  const sql = neon(databaseUrl);

  async function* everyPath() {
    for (let after = FIRST, more = true; more; ) {
      const rows = await sql`select id from study_paths where id > ${after} order by id limit ${PAGE}`;
      const page = Ids.parse(rows).map(({ id }) => id);
      yield* page;
      after = page.at(-1) ?? after;
      more = page.length === PAGE;
    }
  }

  const report: RebuildReport = { paths: 0, differed: 0 };
  for await (const id of pathIds.length > 0 ? pathIds : everyPath()) {
    const rows = await sql`select rebuild_progress(id) as differed from study_paths where id = ${id}`;
    for (const { differed } of Rebuilt.parse(rows)) {
      report.paths += 1;
      report.differed += differed;
    }
  }
  return report;
}

async function main(pathIds: string[]): Promise<void> {
  const wrong = pathIds.find((id) => !z.uuid().safeParse(id).success);
  if (wrong !== undefined) throw new Error(`${wrong} is not the id of a path\n\n${USAGE}`);
  const { paths, differed } = await rebuildRollups(readDatabaseSettings(), pathIds);
  process.stdout.write(`rebuilt the sums of ${paths} paths; ${differed} rows were different before\n`);
}

if (import.meta.main)
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${wordsOfError(error)}\n`);
    process.exitCode = 1;
  });
