import { refuseAny } from './document.ts';

/** A value of a document: where it is, its own key, and the name that it has; an item of a list has the list's name. */
type Placed = { place: string; key: string; name: string; value: unknown };

/** Every value of a JSON value in its order, those below the names of `opaque` left out. Uses no stack of calls. */
function* valuesOf(json: unknown, opaque: ReadonlySet<string> = new Set()): Generator<Placed> {
  const waiting: Placed[] = [{ place: '', key: '', name: '', value: json }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    const { place, name, value } = next;
    if (typeof value !== 'object' || value === null || opaque.has(name)) continue;
    const isList = Array.isArray(value);
    const below: [string, unknown][] = Object.entries(value);
    for (const [key, item] of below.toReversed())
      waiting.push({
        place: place === '' ? key : `${place}.${key}`,
        key,
        name: isList ? name : key,
        value: item,
      });
  }
}

const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0');

/** Names whose values lie ahead of the import as they should: what is planned. */
export const PLANNED: ReadonlySet<string> = new Set(['scheduled_at', 'expires_at', 'due']);
/** Names of instants at which something has happened. */
export const HAPPENED: ReadonlySet<string> = new Set([
  'as_of',
  'at',
  'completed_at',
  'created_at',
  'evaluated_at',
  'last_review',
  'occurred_at',
  'reviewed_at',
  'started_at',
  'undone_at',
  'updated_at',
]);
/** Names of the learner's days on which something has happened. */
export const HAPPENED_DAYS: ReadonlySet<string> = new Set(['completed_day', 'day']);
/** What lies below these is the learner's own, or a program's: nothing there dates an event. */
const OPAQUE: ReadonlySet<string> = new Set(['metadata', 'config', 'filters', 'tests']);

/** Milliseconds that two machines' clocks may differ by. */
const TOLERANCE = 5 * 60_000;
/** Milliseconds by which the clock of the easternmost zone is ahead of UTC. */
const EASTERNMOST = 14 * 3_600_000;

/**
 * PostgreSQL takes no text with NUL or half of a surrogate pair, and names no place when it refuses one.
 * @throws ImportError naming each text, or name, that it would refuse.
 */
export function checkTexts(json: unknown): void {
  const problems: string[] = [];
  for (const { place, key, value } of valuesOf(json)) {
    if (!isStorable(key)) problems.push(`${place}: its name must be well-formed text without NUL`);
    if (typeof value === 'string' && !isStorable(value))
      problems.push(`${place}: must be well-formed text without NUL`);
  }
  refuseAny(problems.map((problem) => problem.toWellFormed().replaceAll('\0', '\u{fffd}')));
}

/** Whether the value says that something has happened after `latest`. */
function isAhead({ name, value }: Placed, latest: number): boolean {
  if (typeof value !== 'string') return false;
  if (HAPPENED.has(name)) return Date.parse(value) > latest;
  return HAPPENED_DAYS.has(name) && value > new Date(latest + EASTERNMOST).toISOString().slice(0, 10);
}

/**
 * Nothing has happened after `now` (ms since 1970), the time of the import, give or take five minutes: later readings of
 * the past would leave it out, and rules that look at the time since would go wrong. What is planned may lie ahead.
 * @param document an export that its schema has accepted.
 * @throws ImportError naming each instant or day that lies in the future.
 */
export function checkPast(
  document: { tasks: readonly { status: string; expires_at: string }[] },
  now: number,
): void {
  const latest = now + TOLERANCE;
  const problems: string[] = [];
  for (const found of valuesOf(document, OPAQUE))
    if (isAhead(found, latest)) problems.push(`${found.place}: ${found.value} lies in the future`);
  for (const [at, { status, expires_at }] of document.tasks.entries())
    if (status === 'expired' && Date.parse(expires_at) > latest)
      problems.push(`tasks.${at}.expires_at: ${expires_at} lies in the future, and the task has expired`);
  refuseAny(problems);
}
