/** Media types of a body that is JSON; a merge patch (RFC 7396) is what each PATCH of this API takes. */
const JSON_TYPE = 'application/json';
const MERGE_PATCH_TYPE = 'application/merge-patch+json';

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const TYPE = new RegExp(`^[ \\t]*(${TOKEN}/${TOKEN})`);
/** A parameter, or none: a semicolon may stand alone (RFC 9110, section 5.6.6). */
const PARAMETER = new RegExp(`[ \\t]*;[ \\t]*(?:(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)"))?`, 'y');

/** Name and parameters of a Content-Type, names in lower case; null when it is none (RFC 9110, section 8.3.1). */
function parseMediaType(header: string): { type: string; parameters: Map<string, string> } | null {
  const name = TYPE.exec(header);
  if (name === null) return null;
  const parameters = new Map<string, string>();
  let at = name[0].length;
  while (header.slice(at).trim() !== '') {
    PARAMETER.lastIndex = at;
    const found = PARAMETER.exec(header);
    if (found === null) return null;
    at = PARAMETER.lastIndex;
    const [, key, token, quoted] = found;
    if (key !== undefined) parameters.set(key.toLowerCase(), token ?? (quoted ?? '').replace(/\\(.)/g, '$1'));
  }
  return { type: (name[1] ?? '').toLowerCase(), parameters };
}

/** Whether a Content-Type declares JSON in UTF-8, in any legal spelling. A `charset` means nothing for JSON but no other may be named. */
export function isJsonBody(method: string, contentType: string): boolean {
  const media = parseMediaType(contentType);
  if (media === null) return false;
  const known = media.type === JSON_TYPE || (method === 'PATCH' && media.type === MERGE_PATCH_TYPE);
  return known && /^utf-?8$/i.test(media.parameters.get('charset') ?? 'utf-8');
}
