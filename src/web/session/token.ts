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

/** What an issuer or another front end hands over in a fragment. */
export type HandedOver = {
  token: string | null;
  /** What this tab sent along when it asked for the token. */
  state: string | null;
  /** The fragment without them: empty, or beginning with `#`. */
  rest: string;
};

/** Splits a token and its state off a fragment such as `#token=...&state=...` or `#section&token=...`. */
export function takeToken(fragment: string): HandedOver {
  const parts = fragment.replace(/^#/, '').split('&').filter(Boolean);
  const part = (name: string) =>
    parts.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  const token = part('token');
  if (token === null) return { token, state: null, rest: parts.length === 0 ? '' : `#${parts.join('&')}` };
  const rest = parts.filter((one) => !/^(?:token|state)=/.test(one)).join('&');
  return { token, state: part('state'), rest: rest === '' ? '' : `#${rest}` };
}
