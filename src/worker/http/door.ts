import type { MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import { findFault } from './json-rules.ts';
import { isJsonBody } from './media-type.ts';
import { readAtMost } from './read-at-most.ts';
import type { AppEnv } from './types.ts';

/** Bytes of a body (decisions, section 9). */
export const MAX_BODY = 262_144;

/** No coding at all (RFC 9110, section 8.4.1), in any spelling of it. */
const IDENTITY = /^(?:[\s,]*identity)*[\s,]*$/i;

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

// A byte order mark is left for JSON.parse to refuse (RFC 8259, section 8.1).
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function tooLarge(): AppError {
  return new AppError('payload-too-large', { detail: `A body may have ${MAX_BODY} bytes.` });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // The parser's message quotes the body, so neither the answer nor the log gets it.
    throw new AppError('malformed-json', { detail: 'The body is not JSON in UTF-8.' });
  }
}

/**
 * Reads the JSON body once and leaves it in `json`, undefined when there is none.
 * @throws AppError `payload-too-large`, `unsupported-encoding`, `unsupported-media-type`, `malformed-json`, `validation`.
 */
export function jsonBody(): MiddlewareHandler<AppEnv> {
  const read: MiddlewareHandler<AppEnv> = async (c, next) => {
    if (!IDENTITY.test(c.req.header('content-encoding') ?? '')) throw new AppError('unsupported-encoding');
    const declared = c.req.header('content-length');
    // Nothing to read, as with most starts: asking an empty stream costs a tenth of such a request.
    if (declared === '0') return next();
    if (Number(declared ?? 0) > MAX_BODY) throw tooLarge();
    const bytes = await readAtMost(c.req.raw.body, MAX_BODY);
    if (bytes === null) throw tooLarge();
    if (bytes.byteLength === 0) return next();
    if (!isJsonBody(c.req.method, c.req.header('content-type') ?? '')) {
      throw new AppError('unsupported-media-type');
    }
    const json = parse(bytes);
    const fault = findFault(json);
    if (fault !== null) throw new AppError('validation', { errors: [fault] });
    c.set('json', json);
    return next();
  };
  return (c, next) => (WITH_BODY.has(c.req.method) ? read(c, next) : next());
}

/**
 * Refuses a URL whose path or query is not percent-encoded UTF-8 or holds NUL: routers decode such a thing leniently
 * and PostgreSQL then refuses it. A lone surrogate cannot be written in valid UTF-8.
 * @throws AppError `malformed-url`.
 */
export function soundUrl(): MiddlewareHandler<AppEnv> {
  return (c, next) => {
    const { url } = c.req;
    if (url.includes('%')) {
      try {
        if (decodeURIComponent(url).includes('\0')) throw new URIError('NUL');
      } catch (cause) {
        throw new AppError('malformed-url', { detail: 'The URL is not percent-encoded UTF-8.', cause });
      }
    }
    return next();
  };
}
