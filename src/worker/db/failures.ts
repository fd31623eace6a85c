import type { NeonDbError } from '@neondatabase/serverless';

/**
 * `conflict`: rolled back by a concurrent transaction. `unavailable`: never ran or outcome unknown. `timeout`: cut
 * off by the server. `constraint`: a check, key or reference refused it. `rejected`: the statement itself is wrong.
 */
export type Failure = {
  kind: 'conflict' | 'unavailable' | 'timeout' | 'constraint' | 'rejected';
  sqlstate: string | null;
  constraint: string | null;
  /** `always`: certainly did not happen. `safe`: may have happened, repeat what is idempotent. */
  repeat: 'always' | 'safe' | 'never';
};

const ROLLED_BACK = new Set(['40001', '40P01', '55P03']);
const NEVER_RAN = new Set(['53300', '57P03']);
const CONNECT_STAGE = /Control plane request failed|Failed to acquire permit|could not connect/i;

/** Sorts what the driver throws (table in the notes on Neon, section 5); its texts never leave this function. */
export function classify(error: Partial<Omit<NeonDbError, 'name'>> & { name?: string }): Failure {
  const sqlstate = error.code === undefined || error.code === '' ? null : error.code;
  const found = { sqlstate, constraint: error.constraint ?? null };
  if (sqlstate !== null) {
    if (ROLLED_BACK.has(sqlstate)) return { ...found, kind: 'conflict', repeat: 'always' };
    if (NEVER_RAN.has(sqlstate)) return { ...found, kind: 'unavailable', repeat: 'always' };
    if (sqlstate === '57014') return { ...found, kind: 'timeout', repeat: 'never' };
    if (sqlstate.startsWith('57P') || sqlstate.startsWith('08')) {
      return { ...found, kind: 'unavailable', repeat: 'safe' };
    }
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
  // An answer that breaks off, or is none of the database's, makes the runtime throw, not the driver.
  const unreadable = error.name !== 'NeonDbError';
  if (unreadable || error.sourceError !== undefined) return { ...found, kind: 'unavailable', repeat: 'safe' };
  // A 400 without SQLSTATE is the proxy's own refusal: wrong password, unknown endpoint, unreadable request.
  return { ...found, kind: 'rejected', repeat: 'never' };
}
