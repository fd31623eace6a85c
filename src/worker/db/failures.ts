import type { Trouble } from './neon-http.ts';

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
/** Request or answer too large: so it stays. */
const TOO_LARGE = new Set([413, 507]);

/** Sorts what went wrong (table in the notes on Neon, section 5); the texts never leave this function. */
export function classify(trouble: Trouble): Failure {
  const unnamed = { sqlstate: null, constraint: null };
  switch (trouble.kind) {
    case 'silent':
      return { ...unnamed, kind: 'unavailable', repeat: 'safe' };
    case 'failed': {
      if (TOO_LARGE.has(trouble.status)) return { ...unnamed, kind: 'rejected', repeat: 'never' };
      const repeat = CONNECT_STAGE.test(trouble.text) ? 'always' : 'safe';
      return { ...unnamed, kind: 'unavailable', repeat };
    }
    case 'refused': {
      const { sqlstate, constraint } = trouble;
      const found = { sqlstate, constraint };
      // Without SQLSTATE it is the proxy's own refusal: wrong password, unknown endpoint, unreadable request.
      if (sqlstate === null) return { ...found, kind: 'rejected', repeat: 'never' };
      if (ROLLED_BACK.has(sqlstate)) return { ...found, kind: 'conflict', repeat: 'always' };
      if (NEVER_RAN.has(sqlstate)) return { ...found, kind: 'unavailable', repeat: 'always' };
      if (sqlstate === '57014') return { ...found, kind: 'timeout', repeat: 'never' };
      if (sqlstate.startsWith('57P') || sqlstate.startsWith('08'))
        return { ...found, kind: 'unavailable', repeat: 'safe' };
      if (sqlstate.startsWith('23')) return { ...found, kind: 'constraint', repeat: 'never' };
      return { ...found, kind: 'rejected', repeat: 'never' };
    }
  }
}
