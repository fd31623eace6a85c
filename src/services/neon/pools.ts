import { connect } from 'node:net';
import pg from 'pg';
import { HttpError } from './http-error.ts';

/** Neon's list after a call: DISCARD ALL without DISCARD PLANS (neondatabase/neon#12681), after any open transaction. */
const RESET = [
  'ROLLBACK',
  'CLOSE ALL',
  'SET SESSION AUTHORIZATION DEFAULT',
  'RESET ALL',
  'DEALLOCATE ALL',
  'UNLISTEN *',
  'SELECT pg_advisory_unlock_all()',
  'DISCARD TEMP',
  'DISCARD SEQUENCES',
].join(';');

/** Roles that can run programs of the host or read and write its files, by themselves or by `set role`. */
const REACHES_HOST = `select exists (
  select from pg_roles
  where (rolsuper or rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'))
    and pg_has_role(session_user, oid, 'member')
) as reaches_host`;

const IDLE_MS = 300_000;
const CANCEL_REQUEST = 80_877_102;

export type Pools = {
  /**
   * A connection for this connection string, given back with `giveBack`.
   * @throws HttpError 400 for a string that is malformed, of an unknown host or of a wrong password, 403 for a role that
   * can reach the host's files or programs, such as a superuser; else the reason why PostgreSQL cannot be reached.
   */
  take(connectionString: string): Promise<pg.PoolClient>;
  /** Resets the session for the next call, or closes the connection when it is broken or its call was given up. */
  giveBack(client: pg.PoolClient, broken: boolean): Promise<void>;
  /** Asks PostgreSQL to stop what this connection does, over a connection of its own: the pool may be exhausted. */
  cancel(client: pg.PoolClient): void;
  close(): Promise<void>;
};

function parse(connectionString: string, hosts: readonly string[]): URL {
  const url = URL.parse(connectionString);
  if (url === null) throw new HttpError(400, 'invalid connection string: relative URL without a base');
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) throw new HttpError(400, 'incorrect scheme');
  if (url.username === '') throw new HttpError(400, 'missing username');
  if (url.password === '') throw new HttpError(400, 'missing authentication credentials: required password');
  // At Neon an unknown endpoint looks like a failed login; here it also keeps the strings of production out.
  if (!hosts.includes(url.hostname)) throw failedLogin(url);
  return url;
}

function failedLogin(url: URL): HttpError {
  return new HttpError(400, `password authentication failed for user '${decodeURIComponent(url.username)}'`);
}

/** A login that PostgreSQL refuses, in the words of Neon's proxy, which checks passwords and databases itself. */
function connectError(error: unknown, url: URL): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  if (error.code === '28P01' || error.code === '28000') return failedLogin(url);
  return error.code === '3D000' ? error : new HttpError(500, error.message, error.code);
}

/** The secret that PostgreSQL gave the connection for cancelling; node-postgres keeps it without declaring it. */
function cancelKey(client: object): { pid: number; secret: number } | null {
  const pid = 'processID' in client ? client.processID : null;
  const secret = 'secretKey' in client ? client.secretKey : null;
  return typeof pid === 'number' && typeof secret === 'number' ? { pid, secret } : null;
}

/** Pools per user, password and database in front of the PostgreSQL at `databaseUrl`, up to `size` connections each. */
export function createPools(databaseUrl: string, hosts: readonly string[], size: number): Pools {
  const target = new URL(databaseUrl);
  const pools = new Map<string, pg.Pool>();
  const checked = new WeakSet<pg.PoolClient>();

  function poolFor(url: URL): pg.Pool {
    const key = JSON.stringify([url.username, url.password, url.pathname]);
    const known = pools.get(key);
    if (known !== undefined) return known;
    const address = new URL(target); // its parameters stay (TLS), those of the caller are ignored as at Neon
    address.username = url.username;
    address.password = url.password;
    address.pathname = url.pathname;
    const pool = new pg.Pool({ connectionString: address.href, max: size, idleTimeoutMillis: IDLE_MS });
    // A backend that dies idle leaves the pool; one that dies in use fails its query. Neither may end this process.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
    pools.set(key, pool);
    return pool;
  }

  /** Asked once for each connection. At Neon nobody is a superuser either. */
  async function refuseHostRoles(client: pg.PoolClient, url: URL): Promise<void> {
    if (checked.has(client)) return;
    const { rows } = await client.query<{ reaches_host: boolean }>(REACHES_HOST);
    if (rows[0]?.reaches_host !== false) {
      const role = decodeURIComponent(url.username);
      throw new HttpError(403, `${role} is a superuser or may act on the host: use the PostgreSQL port`);
    }
    checked.add(client);
  }

  return {
    async take(connectionString) {
      const url = parse(connectionString, hosts);
      let client: pg.PoolClient;
      try {
        client = await poolFor(url).connect();
      } catch (error) {
        throw connectError(error, url);
      }
      try {
        await refuseHostRoles(client, url);
        return client;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },

    async giveBack(client, broken) {
      if (broken) {
        client.release(true);
        return;
      }
      try {
        await client.query(RESET);
        client.release();
      } catch (error) {
        client.release(error instanceof Error ? error : true);
      }
    },

    cancel(client) {
      const key = cancelKey(client);
      if (key === null) return;
      const packet = Buffer.alloc(16);
      packet.writeInt32BE(16, 0);
      packet.writeInt32BE(CANCEL_REQUEST, 4);
      packet.writeInt32BE(key.pid, 8);
      packet.writeInt32BE(key.secret, 12);
      const socket = connect(Number(target.port || 5432), target.hostname);
      socket.on('error', () => socket.destroy()); // then the statement runs to its end, as at a server that is gone
      socket.end(packet);
    },

    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}
