/** What the app reads of a token. The Worker alone verifies it; here it only says who is signed in and until when. */
export type TokenClaims = {
  learner: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
};

function payloadOf(token: string): unknown {
  const [, payload = ''] = token.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
    char.charCodeAt(0),
  );
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Claims of a JWT, or null when it is none. */
export function readToken(token: string): TokenClaims | null {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return null;
  try {
    const payload = payloadOf(token);
    if (typeof payload !== 'object' || payload === null) return null;
    const { sub, exp } = payload as Record<string, unknown>;
    return typeof sub === 'string' && typeof exp === 'number'
      ? { learner: sub, expiresAt: exp * 1000 }
      : null;
  } catch {
    return null;
  }
}

/**
 * Splits a token off a fragment such as `#token=...` or `#section&token=...`.
 * @returns the token, and the fragment without it (empty, or beginning with `#`).
 */
export function takeToken(fragment: string): { token: string | null; rest: string } {
  const parts = fragment.replace(/^#/, '').split('&');
  const token = parts.find((part) => part.startsWith('token='))?.slice('token='.length) ?? null;
  const rest = parts.filter((part) => part !== '' && !part.startsWith('token=')).join('&');
  return { token, rest: rest === '' ? '' : `#${rest}` };
}
