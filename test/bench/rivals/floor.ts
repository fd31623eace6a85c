/** What no Worker can undercut: nothing at all, and one call of the database's HTTP endpoint for `select 1`. */
const BODY = JSON.stringify({ query: 'select 1', params: [] });

// biome-ignore lint/style/noDefaultExport: this is how a Worker is told from other modules
export default {
  async fetch(
    request: Request,
    { SQL, DATABASE_URL }: Record<'SQL' | 'DATABASE_URL', string>,
  ): Promise<Response> {
    if (!request.url.endsWith('/hop')) return new Response('ok');
    const headers = { 'content-type': 'application/json', 'neon-connection-string': DATABASE_URL };
    const { status, body } = await fetch(SQL, { method: 'POST', headers, body: BODY });
    return new Response(body, { status });
  },
};
