import pg from 'pg';
import { readPostgresUrl } from '../database-settings.ts';
import { stackPorts } from '../local-database.ts';

/** Connects to the database that every command finds by the same rule, as a role that may read all of it. */
export async function connectToLog(): Promise<pg.Client> {
  const { url, place } = readPostgresUrl();
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      place === null
        ? `no DATABASE_URL, and the local stack does not run (npm run dev): ${reason}`
        : `DATABASE_URL of ${place}: ${reason}`,
      { cause: error },
    );
  }
  return client;
}

/** Where the Worker of the local stack serves the objects of its archive; null for another database. */
export function localArchive(): string | null {
  if (readPostgresUrl().place !== null) return null;
  return `http://127.0.0.1:${stackPorts().worker}/cdn-cgi/local/r2/public/study-paths-events`;
}
