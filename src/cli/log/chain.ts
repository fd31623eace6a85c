import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical.ts';

/** An event as its row holds it; JSON as text, hashes as hex. */
export type EventRow = {
  id: string;
  stream: string;
  seq: number;
  position: string;
  event_type: string;
  schema_version: number;
  payload: string;
  personal: string | null;
  actor: string;
  request_id: string | null;
  occurred_at: string;
  recorded_at: string;
  prev_hash: string;
  hash: string;
  /** Whether a sealed transcript lies beside the event; only a key tells whether it is the one that was recorded. */
  transcript: boolean;
};

/** Where a chain is broken: the stream, the number of the event, and what is wrong with it. */
export type Break = { stream: string; seq: number; what: string };

/** In front of the first event. */
export const GENESIS = '0'.repeat(64);

export function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** What is hashed of an event behind the hash in front of it; `event_text` of the database makes the same. */
function eventText(stream: string, row: EventRow): string {
  return (
    `{"actor":${canonicalJson(row.actor)},"event_type":${JSON.stringify(row.event_type)},"id":"${row.id}",` +
    `"occurred_at":"${row.occurred_at}","payload":${canonicalJson(row.payload)},"position":${row.position},` +
    `"recorded_at":"${row.recorded_at}","request_id":${JSON.stringify(row.request_id)},` +
    `"schema_version":${row.schema_version},"seq":${row.seq},"stream":${JSON.stringify(stream)}}`
  );
}

type Place = { seq: number; prior: string; erased: boolean };

function faultOf(stream: string, row: EventRow, { seq, prior, erased }: Place): string | null {
  if (row.seq !== seq) return row.seq > seq ? 'is missing' : 'stands there twice';
  if (row.prev_hash !== prior) return 'does not follow the event in front of it';
  if (sha256(Buffer.from(prior, 'hex'), eventText(stream, row)) !== row.hash) return 'is not what was hashed';
  const payload = JSON.parse(row.payload) as Record<string, unknown>;
  const digest = payload.personal_sha256 ?? null;
  if (row.personal !== null && sha256(canonicalJson(row.personal)) !== digest) return 'is not what was typed';
  if (row.personal === null && digest !== null && !erased) return 'has lost what was typed';
  const recorded = (payload.transcript_sha256 ?? null) !== null;
  if (row.transcript === recorded || (!row.transcript && erased)) return null;
  return row.transcript ? 'has a transcript that it does not tell of' : 'has lost its transcript';
}

/**
 * The first event that breaks the chain of a stream, null when all follow one another. A missing event is named by its
 * own number.
 * @param rows by `seq`, from the first on.
 */
export function firstBreak(stream: string, rows: readonly EventRow[]): Break | null {
  const erasedUpTo = rows.findLast(({ event_type }) => event_type === 'erased')?.seq ?? 0;
  let prior = GENESIS;
  for (const [index, row] of rows.entries()) {
    const what = faultOf(stream, row, { seq: index + 1, prior, erased: row.seq < erasedUpTo });
    if (what !== null) return { stream, seq: index + 1, what };
    prior = row.hash;
  }
  return null;
}

/** The payload as the API shows it: with what was typed, or without what is erased. */
export function wholePayload({ event_type, payload, personal }: EventRow): unknown {
  const { personal_sha256, ...hashed } = JSON.parse(payload) as Record<string, unknown>;
  if (personal_sha256 === undefined) return hashed;
  if (personal === null)
    return { ...hashed, ...(event_type === 'status_changed' ? { reason: null } : { metadata: {} }) };
  const { salt: _, ...typed } = JSON.parse(personal) as Record<string, unknown>;
  return { ...hashed, ...typed };
}
