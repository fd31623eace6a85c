import type * as z from 'zod';
import { AppError } from '../errors.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';

/** What a cursor belongs to: it opens for that learner, that list and those filters alone. */
export type CursorScope = {
  learnerId: string;
  /** Name of the list, such as `study-tasks`. */
  list: string;
  /** Everything that decides which rows the list has and in which order; JSON, keys always in the same order. */
  filters?: unknown;
};

/** Place in a list: the sort columns of the last row that was answered. */
export type CursorKey = readonly (string | number)[];

/** Opaque, signed cursors of keyset lists. */
export type CursorCodec = {
  seal(scope: CursorScope, key: CursorKey): Promise<string>;
  /** @throws AppError `invalid-cursor` for every text that `seal` did not make for that scope in this version. */
  open<K extends CursorKey>(scope: CursorScope, cursor: string, key: z.ZodType<K>): Promise<K>;
};

/** Raise it when the meaning of keys or filters changes: cursors of before are then refused. */
const VERSION = 1;
/** Bytes of an HMAC-SHA-256. */
const MAC_BYTES = 32;
const LONGEST = 1024;

const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' };

/**
 * Codec that signs with HMAC-SHA-256 (RFC 2104). A cursor is base64url of version, signature and key; learner, list
 * and filters are signed but not sent, so a cursor tells nothing but a place.
 * @param secret `CURSOR_SIGNING_KEY`; another secret ends the cursors that are out there.
 */
export function createCursorCodec(secret: string): CursorCodec {
  // The key, not the promise of it: on Workers a promise can die with the request that made it.
  let imported: CryptoKey | null = null;

  async function signingKey(): Promise<CryptoKey> {
    imported ??= await crypto.subtle.importKey('raw', utf8(secret), ALGORITHM, false, ['sign', 'verify']);
    return imported;
  }

  return {
    async seal(scope, key) {
      const text = JSON.stringify(key);
      const mac = new Uint8Array(await crypto.subtle.sign('HMAC', await signingKey(), signed(scope, text)));
      const place = utf8(text);
      const bytes = new Uint8Array(1 + MAC_BYTES + place.byteLength);
      bytes[0] = VERSION;
      bytes.set(mac, 1);
      bytes.set(place, 1 + MAC_BYTES);
      return toBase64Url(bytes);
    },
    async open(scope, cursor, schema) {
      const bytes = cursor.length > LONGEST ? null : fromBase64Url(cursor);
      if (bytes === null || bytes[0] !== VERSION || bytes.byteLength <= MAC_BYTES + 1) throw refused();
      const mac = bytes.subarray(1, MAC_BYTES + 1);
      const text = new TextDecoder().decode(bytes.subarray(MAC_BYTES + 1));
      // `verify` compares in constant time, and nothing is parsed before it.
      const genuine = await crypto.subtle.verify('HMAC', await signingKey(), mac, signed(scope, text));
      const key = genuine ? schema.safeParse(JSON.parse(text)) : undefined;
      if (!key?.success) throw refused();
      return key.data;
    },
  };
}

/** A JSON list keeps its parts apart whatever they hold. */
function signed({ learnerId, list, filters = null }: CursorScope, key: string): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify([VERSION, learnerId, list, filters, key]));
}

const encoder = new TextEncoder();

/** The runtimes' types disagree on whose buffer the encoder fills; it is never a shared one. */
function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text) as Uint8Array<ArrayBuffer>;
}

function refused(): AppError {
  return new AppError('invalid-cursor', {
    detail:
      'A cursor goes with the list, the filters and the order that it came from. Begin again without it.',
    errors: [{ path: 'cursor', message: 'is not a cursor of this list' }],
  });
}
