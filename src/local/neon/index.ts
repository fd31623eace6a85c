import type { RunningService } from '../kit/service.ts';
import { startNeon } from './endpoint.ts';
import { startPostgres } from './postgres.ts';

export { type NeonOptions, type RunningNeon, startNeon } from './endpoint.ts';
export { type PostgresOptions, type RunningPostgres, startPostgres } from './postgres.ts';

export type DatabaseOptions = {
  /** Of the HTTP endpoint; `0` (the default) takes any free one. */
  port?: number;
  postgresPort?: number;
  /** Where PostgreSQL keeps its data; not used with `databaseUrl`. */
  dataDir: string;
  fresh?: boolean;
  durable?: boolean;
  /** A PostgreSQL that runs already: then none is started, and it is left running. */
  databaseUrl?: string;
  latencyMs?: number;
};

/** The database neighbour: `connectionString` and `fetchEndpoint` are what the Worker is configured with. */
export type RunningDatabase = RunningService & {
  fetchEndpoint: string;
  connectionString: string;
  postgresUrl: string;
};

/** Starts PostgreSQL, unless a running one is named, and Neon's HTTP endpoint in front of it. */
export async function startDatabase({
  port = 0,
  postgresPort = 0,
  dataDir,
  fresh = false,
  durable = true,
  databaseUrl,
  latencyMs = 0,
}: DatabaseOptions): Promise<RunningDatabase> {
  const postgres =
    databaseUrl === undefined
      ? await startPostgres({ dataDir, port: postgresPort, fresh, durable })
      : { url: databaseUrl, close: async () => undefined };
  try {
    const neon = await startNeon({ port, databaseUrl: postgres.url, latencyMs });
    return {
      ...neon,
      postgresUrl: postgres.url,
      async close() {
        await neon.close();
        await postgres.close();
      },
    };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}
