/**
 * `Link` header to the next page (RFC 8288): the request's own path and query with the new cursor, relative, so that it
 * holds behind any host name.
 */
export function nextLink(url: string, cursor: string | null): Record<string, string> {
  if (cursor === null) return {};
  const { pathname, searchParams } = new URL(url);
  searchParams.set('cursor', cursor);
  return { link: `<${pathname}?${searchParams}>; rel="next"` };
}
