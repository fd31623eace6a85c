import pg from 'pg';
import { basePort, portsFrom } from '../checkout.ts';
import { ownerUrl } from '../local-database.ts';

/**
 * The database of a command: DATABASE_URL, a `postgresql://` address of the owner or another role that may read all of
 * it, else that of the local stack.
 */
export async function connectToLog(): Promise<pg.Client> {
  const given = process.env.DATABASE_URL;
  const client = new pg.Client({ connectionString: given || ownerUrl() });
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      given
        ? `DATABASE_URL: ${reason}`
        : `no DATABASE_URL, and the local stack does not run (npm run dev): ${reason}`,
      { cause: error },
    );
  }
  return client;
}

/** Where the Worker of the local stack serves the objects of its archive; null for a database of DATABASE_URL. */
export function localArchive(): string | null {
  if (process.env.DATABASE_URL) return null;
  return `http://127.0.0.1:${portsFrom(basePort()).worker}/cdn-cgi/local/r2/public/study-paths-events`;
}
