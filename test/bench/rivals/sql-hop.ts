import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

/**
 * The least that can stand where Neon's proxy stands: `POST /sql` as its driver speaks it, in front of a pool, with named
 * statements, as whoever is compared with the Worker names them too. The neighbour that development uses plays the real
 * proxy in everything (sessions reset, faults, counters, unnamed statements) and would itself be what is measured.
 */
type Settings = { databaseUrl: string; connections: number; named: boolean };
type Query = { query: string; params: unknown[] };

const { databaseUrl, connections, named } = JSON.parse(process.argv[2] ?? '') as Settings;
const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
const types = { getTypeParser: () => (text: string) => text };
const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const made = `s${names.size}`;
  names.set(text, made);
  return made;
}

async function run(client: pg.Pool | pg.PoolClient, { query, params }: Query) {
  const { rows, fields, command, rowCount } = await client.query<(string | null)[]>({
    ...(named ? { name: nameOf(query) } : {}),
    text: query,
    values: params,
    rowMode: 'array',
    types,
  });
  return { fields, rows, command, rowCount, rowAsArray: true };
}

async function batch(queries: readonly Query[]) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const results = [];
    for (const query of queries) results.push(await run(client, query));
    await client.query('commit');
    client.release();
    return { results };
  } catch (error) {
    client.release(true);
    throw error;
  }
}

const server = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Query | { queries: Query[] };
    const answer = 'queries' in body ? batch(body.queries) : run(pool, body);
    answer.then(
      (result) => res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result)),
      (error: Error) => res.writeHead(400).end(JSON.stringify({ message: error.message })),
    );
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
// Whoever started this server is gone.
process.on('disconnect', () => process.exit());
