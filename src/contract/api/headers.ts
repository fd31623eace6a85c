type Header = { description: string; example: string };

/** Headers of answers that mean something to a client. */
export const HEADERS = {
  'X-Request-Id': {
    description:
      'Names this request in the log. Echoes the request’s own `X-Request-Id` when that has 8 to 64 letters, digits, dots, dashes and underscores.',
    example: '0b8f4f0e-6a3f-4a77-9a38-2f6d6c1c0a51',
  },
  ETag: {
    description:
      'Tag of what was read. A task’s or path’s begins with its version, which `If-Match` takes, also when a proxy has made the tag a weak one.',
    example: '"3-Yk2cOQm1m0wT3mWqv8n1Zg"',
  },
  Link: {
    description: 'The next page (RFC 8288); absent on the last one.',
    example: '</v1/study-tasks?cursor=eyJ2IjoxfQ.c2ln>; rel="next"',
  },
  'Retry-After': { description: 'Seconds after which trying again makes sense.', example: '5' },
  RateLimit: {
    description: 'What is left of a quota and when it is renewed (draft-ietf-httpapi-ratelimit-headers-10).',
    example: '"writes";r=0;t=60',
  },
  'RateLimit-Policy': { description: 'The quota itself.', example: '"writes";q=120;w=60' },
  'Idempotency-Replayed': {
    description: '`true` when the answer is the stored one of an earlier request with the same key.',
    example: 'true',
  },
  'WWW-Authenticate': { description: 'How to authenticate (RFC 6750).', example: 'Bearer' },
  'Content-Disposition': {
    description: 'Name for the downloaded file.',
    example: 'attachment; filename="study-tasks-2026-11-26.csv"',
  },
} as const satisfies Record<string, Header>;
export type HeaderName = keyof typeof HEADERS;

/** Headers of requests, beside `Authorization`. */
export const REQUEST_HEADERS = {
  'Idempotency-Key': {
    description:
      '1 to 255 printable ASCII characters. The same key and request get the same answer for 24 hours, so that a request can be repeated without being done twice. Bodies are compared as JSON values: the order of keys and white space do not matter.',
    example: 'submit-2026-11-26-1',
  },
  'If-None-Match': {
    description: 'An `ETag` that is known already; answers 304 while it still holds.',
    example: '"3-Yk2cOQm1m0wT3mWqv8n1Zg"',
  },
  'If-Match': {
    description:
      'The `ETag` of the task or path, or several of them. When none names the version that there is now, nothing is done and 412 is answered. `*` stands for any version.',
    example: '"3"',
  },
} as const satisfies Record<string, Header>;
export type RequestHeaderName = keyof typeof REQUEST_HEADERS;

/** What parameters mean that mean the same wherever they stand. */
export const PARAMETERS: Readonly<Record<string, { description: string; example?: unknown }>> = {
  id: {
    description: 'UUID in lower case. Any other spelling is unknown.',
    example: '3f0f3b3a-8a52-4b6e-9d0b-6a3f5d8f2c11',
  },
  limit: { description: 'Rows of a page.' },
  cursor: { description: '`next_cursor` of the page before; belongs to its learner, list and filters.' },
  module: { description: 'Any of these modules.' },
  status: { description: 'Any of these states.' },
  difficulty: { description: 'Any of these difficulties, 1 (easiest) to 5.' },
  kind: { description: 'Any of these kinds.' },
  topic: { description: 'Any of these topic tags.' },
  path_id: { description: 'Tasks of this path.' },
  track_id: { description: 'Tasks of paths of this track.', example: 'coding-interview-meta' },
  from: { description: 'Scheduled at or after this date (UTC) or instant.', example: '2026-11-01' },
  to: { description: 'Scheduled before this date (UTC) or instant.', example: '2026-12-01' },
  q: {
    description:
      'Each of these words stands in the problem’s title or id. While the problem bank is out of reach, in its id.',
    example: 'longest plateau',
  },
  order: { description: 'By `scheduled_at`: newest (`desc`) or oldest (`asc`) first.' },
};
