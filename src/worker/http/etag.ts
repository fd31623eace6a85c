import type { MiddlewareHandler } from 'hono';
import { toBase64Url } from '../crypto/base64url.ts';
import { AppError } from '../errors.ts';
import type { AppEnv } from './types.ts';

/** Bytes of the SHA-256 that a tag keeps. */
const TAG_BYTES = 16;

const VERSION_TAG = /^(?:W\/)?"([1-9][0-9]{0,8})(?:-[A-Za-z0-9_-]{22})?"$/;

/**
 * Version that an entity tag of a task or path names: `"7"` of a write's answer, `"7-<hash>"` of a read's. A weak tag names
 * it too: a proxy that compresses an answer weakens its tag, and the version says all that a change depends on. Null for
 * every other text.
 */
export function versionOfTag(tag: string): number | null {
  const version = VERSION_TAG.exec(tag.trim())?.[1];
  return version === undefined ? null : Number(version);
}

/** The entity tags of a list (RFC 9110, section 8.8.3). */
function tagsOf(list: string): string[] {
  return list.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

/**
 * Versions that `If-Match` allows; null for any, which is what no header and `*` mean. Tags that are none of ours match
 * nothing, so a list of them alone allows no version.
 */
export function versionsOf(ifMatch: string | undefined): number[] | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  return tagsOf(ifMatch)
    .map(versionOfTag)
    .filter((version) => version !== null);
}

/** Weak comparison of `If-None-Match` (RFC 9110, sections 8.8.3.2 and 13.1.2). */
export function matchesNone(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return tagsOf(ifNoneMatch).some((other) => other.replace(/^W\//, '') === tag);
}

/** Entity tag of a write's answer: the version, which `If-Match` takes back. `entityTags` adds a hash to a read's. */
export function tagOfVersion(version: number): string {
  return `"${version}"`;
}

/** What was read has changed since: the answer names the version that there is now. */
export function preconditionFailed(thing: 'task' | 'path', version: number): AppError {
  return new AppError('precondition-failed', {
    detail: `The ${thing} is at version ${version}.`,
    headers: { etag: tagOfVersion(version) },
  });
}

/**
 * Gives every answer of `answerJson()` to GET and HEAD a strong `ETag` made of its bytes, and answers 304 to whoever has
 * it; streams and downloads are passed on as they come. The version that a route has set as its tag becomes the tag's
 * first part, never all of it: one version of a task has several representations, as the problem bank can be out of
 * reach, and `/next` shows another task under the same version. Such answers may be kept by the learner's browser but
 * are asked about each time (`private, no-cache`), unless the route says otherwise.
 */
export function entityTags(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    const bytes = c.get('bytes');
    const { method } = c.req;
    if (bytes === undefined || c.res.status !== 200 || (method !== 'GET' && method !== 'HEAD')) return;
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes), 0, TAG_BYTES);
    const { headers } = c.res;
    const version = versionOfTag(headers.get('etag') ?? '');
    const tag = `"${version === null ? '' : `${version}-`}${toBase64Url(hash)}"`;
    headers.set('etag', tag);
    if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-cache');
    if (!matchesNone(c.req.header('if-none-match'), tag)) return;
    for (const name of ['content-type', 'content-length', 'link']) headers.delete(name);
    // Hono would merge the old answer's headers into the new one.
    c.res = undefined;
    c.res = new Response(null, { status: 304, headers });
  };
}
