import type { RunningService } from '../common/service.ts';
import { startNeon } from './endpoint.ts';
import { ownerAddress } from './owner-role.ts';
import { type Passwords, randomPasswords, startPostgres } from './postgres.ts';

export { stopOrphan } from './cluster.ts';
export { type NeonOptions, type RunningNeon, startNeon } from './endpoint.ts';
export {
  type Passwords,
  type PostgresOptions,
  type RunningPostgres,
  randomPasswords,
  startPostgres,
} from './postgres.ts';

export type DatabaseOptions = {
  /** Of the HTTP endpoint; `0` (the default) takes any free one. */
  port?: number;
  postgresPort?: number;
  /** Where PostgreSQL keeps its data; not used with `databaseUrl`. */
  dataDir: string;
  fresh?: boolean;
  durable?: boolean;
  /**
   * A PostgreSQL that runs already: then none is started, and it is left running. In that of a superuser the role that
   * owns the tables is made.
   */
  databaseUrl?: string;
  latencyMs?: number;
  passwords?: Passwords;
  controlKey?: string | undefined;
};

/**
 * A database: `fetchEndpoint` takes SQL over HTTP, from the role of `connectionString` (the owner of the tables) or any
 * other but superusers; `postgresUrl` is PostgreSQL itself as that role, `adminUrl` the same as the superuser or as
 * the role that was given.
 */
export type RunningDatabase = RunningService & {
  fetchEndpoint: string;
  connectionString: string;
  postgresUrl: string;
  adminUrl: string;
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
  passwords = randomPasswords(),
  controlKey,
}: DatabaseOptions): Promise<RunningDatabase> {
  const postgres =
    databaseUrl === undefined
      ? await startPostgres({ dataDir, port: postgresPort, fresh, durable, passwords })
      : {
          url: await ownerAddress(databaseUrl, passwords.owner),
          adminUrl: databaseUrl,
          close: async () => undefined,
        };
  try {
    const neon = await startNeon({ port, databaseUrl: postgres.url, latencyMs, controlKey });
    return {
      ...neon,
      postgresUrl: postgres.url,
      adminUrl: postgres.adminUrl,
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
