import * as z from 'zod';
import { Actor, PERSONAL_KEYS } from './events.ts';
import { Timestamp } from './text.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Payload = z.record(z.string(), z.json());

/**
 * One line of an archive object: a row of `task_events` as it was, with the payload that was hashed. What somebody typed
 * is not in it: that stays in the database, where it can be erased.
 */
export const ArchivedEvent = z.strictObject({
  id: z.string(),
  task_id: z.string(),
  seq: z.int().min(1),
  /** Place among all events of the log. */
  position: z.int().min(1),
  event_type: z.string(),
  schema_version: z.int().min(1),
  payload: Payload,
  actor: Actor,
  request_id: z.string().nullable(),
  occurred_at: Timestamp,
  created_at: Timestamp,
  prev_hash: Hash,
  hash: Hash,
});
export type ArchivedEvent = z.infer<typeof ArchivedEvent>;

/** What an event's payload lacks in the archive: the text by its key, and a salt. */
export const PersonalText = Payload;
export type PersonalText = z.infer<typeof PersonalText>;

/** What the manifest says of one task's events in an object: whole from `first_seq` to `last_seq`, between two hashes. */
export const ArchivedChain = z.object({
  task_id: z.string(),
  first_seq: z.int().min(1),
  last_seq: z.int().min(1),
  prev_hash: Hash,
  last_hash: Hash,
});
export type ArchivedChain = z.infer<typeof ArchivedChain>;

/**
 * The events of these chains in an object's text, chain by chain.
 * @param text NDJSON whose SHA-256 was compared with the manifest.
 * @returns null when one of the chains is not there as the manifest says: another number, a gap, another hash.
 */
export function chainsIn(text: string, chains: readonly ArchivedChain[]): ArchivedEvent[][] | null {
  const wanted = new Map<string, ArchivedEvent[]>(chains.map(({ task_id }) => [task_id, []]));
  const [only] = chains.length === 1 ? chains : [];
  for (const line of text.split('\n')) {
    // Whoever asks for one task need not understand the lines of all others.
    if (line === '' || (only !== undefined && !line.includes(only.task_id))) continue;
    // Written by the archive and held against its digest: the shape needs no second look.
    const event = JSON.parse(line) as ArchivedEvent;
    wanted.get(event.task_id)?.push(event);
  }
  const found = chains.map((chain) => eventsOf(chain, wanted.get(chain.task_id) ?? []));
  return found.every((events) => events !== null) ? found : null;
}

function eventsOf(chain: ArchivedChain, events: readonly ArchivedEvent[]): ArchivedEvent[] | null {
  const own = events.filter(({ seq }) => seq >= chain.first_seq && seq <= chain.last_seq);
  let { prev_hash: hash } = chain;
  for (const [at, event] of own.entries()) {
    if (event.seq !== chain.first_seq + at || event.prev_hash !== hash) return null;
    hash = event.hash;
  }
  return own.length === chain.last_seq - chain.first_seq + 1 && hash === chain.last_hash ? own : null;
}

/** In which PostgreSQL's jsonb keeps the keys of a payload, which are ASCII: the shorter first, then by their letters. */
function jsonbOrder([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

/**
 * The payload as the API shows it: with what was typed, as long as that has not been erased. The same as `event_payload`
 * in the database, down to the order of keys.
 */
export function shownPayload(
  { event_type, payload }: Pick<ArchivedEvent, 'event_type' | 'payload'>,
  personal: PersonalText | null,
): Record<string, unknown> {
  if (!('personal_sha256' in payload)) return payload;
  const { personal_sha256: _, ...rest } = payload;
  const key = Object.entries(PERSONAL_KEYS).find(([type]) => type === event_type)?.[1];
  const { salt: __, ...typed } = personal ?? {};
  const nothing = key === 'reason' ? { reason: null } : { metadata: {} };
  const merged = { ...rest, ...(personal === null ? nothing : typed) };
  return Object.fromEntries(Object.entries(merged).toSorted(jsonbOrder));
}
