/** Tokens by session, on the server only: a browser never sees one. */
export const sessions = new Map<string, string>();

/** The token of whoever sent the request, null for a stranger. */
export function tokenOf(request: Request): string | null {
  const session = /(?:^|; )session=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
  return session === undefined ? null : (sessions.get(session) ?? null);
}
