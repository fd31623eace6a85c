import pg from 'pg';

/** One statement as PostgreSQL ran it: pages touched, milliseconds, and how it reached each table. */
export type Explained = { buffers: number; ms: number; scans: string[] };

type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  'Actual Loops'?: number;
  Plans?: Plan[];
};

function scansOf(plan: Plan): string[] {
  const own =
    plan['Index Name'] ??
    (plan['Relation Name'] === undefined ? null : `${plan['Node Type']} on ${plan['Relation Name']}`);
  const ran = (plan['Actual Loops'] ?? 1) > 0;
  return [...(own !== null && ran ? [own] : []), ...(plan.Plans ?? []).flatMap(scansOf)];
}

/** Runs the very statement that a request sent, as the Neon endpoint has logged it, under EXPLAIN. */
export async function explainRequest(
  neon: string,
  databaseUrl: string,
  requestId: string,
): Promise<Explained> {
  const response = await fetch(`${neon}/__local/requests?request_id=${requestId}`);
  const { data } = (await response.json()) as { data: { body: string | null }[] };
  const body = data[0]?.body;
  if (body === null || body === undefined) throw new Error(`no statement was logged for ${requestId}`);
  const { query, params } = JSON.parse(body) as { query: string; params: unknown[] };
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan; 'Execution Time': number }] }>(
      `explain (analyze, buffers, format json) ${query}`,
      params,
    );
    const [top] = rows[0]?.['QUERY PLAN'] ?? [];
    if (top === undefined) throw new Error('no plan');
    const { Plan: plan } = top;
    return {
      buffers: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
      ms: top['Execution Time'],
      scans: [...new Set(scansOf(plan))],
    };
  } finally {
    await client.end();
  }
}
