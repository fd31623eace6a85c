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

async function explainStatement(client: pg.Client, body: string): Promise<Explained> {
  const { query, params } = JSON.parse(body) as { query: string; params: unknown[] };
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
    scans: scansOf(plan),
  };
}

/** Runs the very statements that a request sent, as the Neon endpoint has logged them, under EXPLAIN; their sum. */
export async function explainRequest(
  neon: string,
  databaseUrl: string,
  requestId: string,
): Promise<Explained> {
  const response = await fetch(`${neon}/__local/requests?request_id=${requestId}`);
  const { data } = (await response.json()) as { data: { body: string | null }[] };
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const plans = [];
    for (const { body } of data) if (body !== null) plans.push(await explainStatement(client, body));
    return {
      buffers: plans.reduce((sum, plan) => sum + plan.buffers, 0),
      ms: plans.reduce((sum, plan) => sum + plan.ms, 0),
      scans: [...new Set(plans.flatMap((plan) => plan.scans))],
    };
  } finally {
    await client.end();
  }
}
