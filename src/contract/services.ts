/**
 * The table of services: whatever depends on which services there are follows from it or is tested against it. What
 * that is, and how to add a service, is in ARCHITECTURE, "How to add".
 */

/** A service that the Worker depends on. */
type ServiceRow = {
  /** In logs, errors and printed tables, with hyphens between words. */
  name: string;
  /** In sentences: "the ... does not answer". */
  noun: string;
  /** What it offers, as one line of documents and of what `npm run dev` prints. */
  about: string;
  /** Under `npm run dev` its port is the Worker's plus this number, from 1 on. */
  port: number;
  /** Its member of `checks` in the answer of `GET /readyz`. */
  check: string;
  /** The Worker's variable that holds its address. */
  address: string;
  /** The problem (503) of a request that needs it while it does not answer; null while no request needs it. */
  unavailable: { code: string } | null;
};

/** A service that the Worker calls with a key (`Authorization: Bearer`). */
type UpstreamRow = ServiceRow & {
  /** The Worker's variable that holds the key. */
  key: string;
  /** A service binding of this name takes the place of the address's host. */
  binding: string;
  /** Paths that `GET /readyz` asks: `open` is 200 for anybody, `locked` is 200 for holders of the key alone. */
  probe: { open: string; locked: string };
  /** `effect` is a sentence of the documents: what became of the request. */
  unavailable: { code: `${string}-unavailable`; effect: string } | null;
};

/** Services that the Worker calls with a key. */
export const UPSTREAMS = {
  problemBank: {
    name: 'problem-bank',
    noun: 'problem bank',
    about: 'problems at /v1/problems',
    port: 3,
    check: 'problem_bank',
    address: 'PROBLEM_BANK_URL',
    key: 'PROBLEM_BANK_API_KEY',
    binding: 'PROBLEM_BANK',
    probe: { open: '/v1/modules', locked: '/internal/v1/ping' },
    unavailable: { code: 'problem-bank-unavailable', effect: 'Nothing was done.' },
  },
  evaluator: {
    name: 'evaluator',
    noun: 'evaluation service',
    about: 'sandbox for Python and JavaScript; /health',
    port: 4,
    check: 'evaluator',
    address: 'EVAL_SERVICE_URL',
    key: 'EVAL_SERVICE_API_KEY',
    binding: 'EVAL_SERVICE',
    probe: { open: '/health', locked: '/v1/ping' },
    unavailable: { code: 'evaluator-unavailable', effect: 'Nothing was stored.' },
  },
  tutor: {
    name: 'tutor',
    noun: 'tutor',
    about: 'hints as an event stream',
    port: 5,
    check: 'tutor',
    address: 'TUTOR_URL',
    key: 'TUTOR_API_KEY',
    binding: 'TUTOR',
    probe: { open: '/health', locked: '/v1/ping' },
    unavailable: { code: 'tutor-unavailable', effect: 'The hint does not count.' },
  },
} as const satisfies Record<string, UpstreamRow>;

/** Every service, in the order in which they are started and listed. */
export const SERVICES = {
  database: {
    name: 'neon',
    noun: 'database',
    about: 'PostgreSQL over HTTP at /sql',
    port: 1,
    check: 'database',
    address: 'DATABASE_URL',
    unavailable: { code: 'storage-unavailable' },
  },
  issuer: {
    name: 'issuer',
    noun: 'token issuer',
    about: 'sign-in page; public keys at /.well-known/jwks.json',
    port: 2,
    check: 'issuer',
    address: 'JWKS_URL',
    unavailable: { code: 'auth-unavailable' },
  },
  ...UPSTREAMS,
} as const satisfies Record<string, ServiceRow>;

export type UpstreamId = keyof typeof UPSTREAMS;
export type ServiceId = keyof typeof SERVICES;
/** A row of `UPSTREAMS`. */
export type Upstream = (typeof UPSTREAMS)[UpstreamId];
/** How errors and logs name an upstream. */
export type UpstreamName = Upstream['name'];
type UnavailableCode = NonNullable<Upstream['unavailable']>['code'];

/** How tables and messages name a service. */
export function labelOf(id: ServiceId): string {
  return SERVICES[id].name.replaceAll('-', ' ');
}

/** A record with a value for each upstream, in the order of the table. */
export function mapUpstreams<T>(make: (row: Upstream, id: UpstreamId) => T): Record<UpstreamId, T> {
  const entries = Object.entries(UPSTREAMS) as [UpstreamId, Upstream][];
  return Object.fromEntries(entries.map(([id, row]) => [id, make(row, id)])) as Record<UpstreamId, T>;
}

/** The Worker's variables for the address and the key of each upstream. */
export function upstreamVars(
  of: (id: UpstreamId) => { url: string; key: string },
): Record<Upstream['address'] | Upstream['key'], string> {
  const pairs = mapUpstreams(({ address, key }, id) => [
    [address, of(id).url],
    [key, of(id).key],
  ]);
  return Object.fromEntries(Object.values(pairs).flat()) as Record<
    Upstream['address'] | Upstream['key'],
    string
  >;
}

/** What the contract says about each upstream's problem: its title, and its meaning for a client. */
export const UNAVAILABLE = Object.fromEntries(
  Object.values<UpstreamRow>(UPSTREAMS).flatMap(({ noun, unavailable }) =>
    unavailable === null
      ? []
      : [
          [
            unavailable.code,
            {
              title: `The ${noun} is not available`,
              meaning: `The ${noun} does not answer. ${unavailable.effect}`,
            },
          ],
        ],
  ),
) as Record<UnavailableCode, { title: string; meaning: string }>;

/** The code of an upstream that does not answer; undefined where the table says that no request needs it. */
export function unavailableCode(name: UpstreamName): UnavailableCode | undefined {
  return Object.values(UPSTREAMS).find((row) => row.name === name)?.unavailable?.code;
}
