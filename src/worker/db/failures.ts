import type { NeonDbError } from '@neondatabase/serverless';

/** What is wrong with the setup of a deployment's database, when that is why nothing runs. */
export type SetupFault =
  | 'wrong-password'
  | 'missing-role'
  | 'missing-database'
  | 'missing-endpoint'
  /** Tables are not there: the migrations have not run. */
  | 'not-migrated'
  | 'missing-permission';

/**
 * `conflict`: rolled back by a concurrent transaction. `unavailable`: never ran or outcome unknown. `timeout`: cut
 * off by the server. `misconfigured`: never ran, and will not until an operator mends `setup`. `constraint`: a check, key
 * or reference refused it. `refused`: a guard of ours did. `rejected`: the statement itself is wrong.
 */
export type Failure = {
  kind: 'conflict' | 'unavailable' | 'timeout' | 'misconfigured' | 'constraint' | 'refused' | 'rejected';
  sqlstate: string | null;
  constraint: string | null;
  /** Set for `refused` alone: the guard's reason. */
  refusal?: string;
  /** Set for `misconfigured` alone. */
  setup?: SetupFault;
  /** `always`: certainly did not happen. `safe`: may have happened, repeat what is idempotent. */
  repeat: 'always' | 'safe' | 'never';
};

const ROLLED_BACK = new Set(['40001', '40P01', '55P03']);
const NEVER_RAN = new Set(['53300', '57P03']);
/** SQLSTATE of the database's function `refuse`. */
const REFUSED = 'SP001';
const SETUP_STATES: Readonly<Record<string, SetupFault>> = {
  '28P01': 'wrong-password',
  '28000': 'missing-role',
  '3D000': 'missing-database',
  '3F000': 'not-migrated',
  '42P01': 'not-migrated',
  '42501': 'missing-permission',
};
/** Neon's proxy refuses logins itself, with a text and no SQLSTATE. */
const SETUP_TEXTS: readonly (readonly [RegExp, SetupFault])[] = [
  [/password authentication failed|authentication credentials|missing username/i, 'wrong-password'],
  [/role .* does not exist/i, 'missing-role'],
  [/database .* does not exist/i, 'missing-database'],
  [/endpoint .*(could not be found|not found|disabled)|invalid connection string/i, 'missing-endpoint'],
];
const UNREADABLE = /^Neon internal error/;
const CONNECT_STAGE = /Control plane request failed|Failed to acquire permit|could not connect/i;

/** Sorts what the driver throws; its texts never leave this function. */
export function classify(error: Partial<Omit<NeonDbError, 'name'>> & { name?: string }): Failure {
  const sqlstate = error.code === undefined || error.code === '' ? null : error.code;
  const found = { sqlstate, constraint: error.constraint ?? null };
  if (sqlstate !== null) {
    if (sqlstate === REFUSED)
      return { ...found, kind: 'refused', refusal: error.detail ?? '', repeat: 'never' };
    if (ROLLED_BACK.has(sqlstate)) return { ...found, kind: 'conflict', repeat: 'always' };
    if (NEVER_RAN.has(sqlstate)) return { ...found, kind: 'unavailable', repeat: 'always' };
    if (sqlstate === '57014') return { ...found, kind: 'timeout', repeat: 'never' };
    if (sqlstate.startsWith('57P') || sqlstate.startsWith('08')) {
      return { ...found, kind: 'unavailable', repeat: 'safe' };
    }
    const setup = SETUP_STATES[sqlstate];
    if (setup !== undefined) return { ...found, kind: 'misconfigured', setup, repeat: 'never' };
    if (sqlstate.startsWith('23')) return { ...found, kind: 'constraint', repeat: 'never' };
    return { ...found, kind: 'rejected', repeat: 'never' };
  }
  const status = /^Server error \(HTTP status (\d{3})\)/.exec(error.message ?? '')?.[1];
  if (status === '413' || status === '507') return { ...found, kind: 'rejected', repeat: 'never' };
  if (status !== undefined) {
    return {
      ...found,
      kind: 'unavailable',
      repeat: CONNECT_STAGE.test(error.message ?? '') ? 'always' : 'safe',
    };
  }
  // An answer that breaks off, or is none of the database's, makes the runtime throw; of a transaction, the driver.
  const unreadable = error.name !== 'NeonDbError' || UNREADABLE.test(error.message ?? '');
  if (unreadable || error.sourceError !== undefined) return { ...found, kind: 'unavailable', repeat: 'safe' };
  // A 400 without SQLSTATE is the proxy's own refusal: of the login, or of a request that it cannot read.
  const setup = SETUP_TEXTS.find(([text]) => text.test(error.message ?? ''))?.[1];
  if (setup !== undefined) return { ...found, kind: 'misconfigured', setup, repeat: 'never' };
  return { ...found, kind: 'rejected', repeat: 'never' };
}
