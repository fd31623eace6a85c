import { derivedId } from '#cli/import/ids.ts';
import { readExport } from '#cli/import/read.ts';
import type { Restored } from '#cli/import/restored.ts';
import { writeRestored } from '#cli/import/write.ts';
import { createKeyRing } from '#cli/keys/ring.ts';
import { canonicalJson } from '#cli/log/canonical.ts';
import { verifySnapshot } from '#cli/log/verify.ts';
import { LearnerExport, TaskExport } from '#contract/export.ts';
import type { Random } from '../../simulate/random.ts';
import type { Lane } from '../kit/lanes.ts';
import type { Product } from '../kit/product.ts';
import type { PractisingLearner } from './learner.ts';

/** The command's two steps; a planted bug replaces one. */
export type Importing = { read: (text: string) => Restored; write: typeof writeRestored };
/** After all that the learners of this proof do: they live in years to come. */
const IMPORTED_AT = Date.parse('2060-01-01T00:00:00Z');
export const IMPORTING: Importing = {
  read: (text) => readExport(text, IMPORTED_AT),
  write: writeRestored,
};

/** As the products of the lanes are configured. */
const { seal } = createKeyRing(`k1:${btoa('k'.repeat(32))}`);

/** Moments of the past that each import is asked for. */
const MOMENTS = 3;

type Get = (path: string) => Promise<{ status: number; body: unknown; text: string }>;

/** What a learner gets from the product by name. */
export async function asLearner(lane: Lane, product: Product, id: string): Promise<Get> {
  const token = await lane.signer.tokenFor(id);
  return (path) => product.ask(`/v1${path}`, { token });
}

/** Runs an import as `npm run import` does. */
export function importFor(lane: Lane, { read, write }: Importing, learnerId: string, text: string) {
  const target = { databaseUrl: lane.vars.DATABASE_URL, fetchEndpoint: undefined, learnerId, seal };
  return write(target, read(text));
}

/** What `log:verify` says of a learner, a line for each finding. */
export async function logFaults(lane: Lane, user: string): Promise<string[]> {
  const { broken, differences } = await verifySnapshot(lane.direct, { user });
  return [
    ...broken.map(({ stream, seq, what }) => `${stream.split(':')[0]}: event ${seq} ${what}`),
    ...differences.map(({ table, column, log, row }) => {
      const sides = `${JSON.stringify(row)}, the log says ${JSON.stringify(log)}`;
      return `${table}: ${column ?? 'the row'} is ${sides}`.slice(0, 300);
    }),
  ];
}

/** Lists in one order, whatever ids decided about ties. */
function inOneOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(inOneOrder);
    return items.every((item) => typeof item === 'object' && item !== null)
      ? items.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
      : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inOneOrder(part)]));
}

const textOf = (value: unknown) => canonicalJson(JSON.stringify(value ?? null));
const comparable = (text: string) => textOf(inOneOrder(JSON.parse(text)));

/** Where two texts differ, with the text there. */
function parting(one: string, other: string): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return `"...${one.slice(Math.max(0, at - 60), at + 60)}..." became "...${other.slice(Math.max(0, at - 20), at + 60)}..."`;
}

/** Of an export what an import brings back; places are new, and the exported moment is another one. */
function lasting(document: LearnerExport) {
  const { as_of: _, learner_id: __, idempotency_keys: ___, counts: ____, ...rest } = document;
  const bare = <Row extends object>(rows: readonly Row[]) =>
    rows.map((row) => ({ ...row, position: undefined }));
  return {
    ...rest,
    events: bare(rest.events),
    path_events: bare(rest.path_events),
    learner_events: bare(rest.learner_events),
  };
}

/** Everything that an import of their export must keep equal, and what differs. */
export async function roundTrip(
  lane: Lane,
  product: Product,
  learner: PractisingLearner,
  importing: Importing,
  random: Random,
): Promise<string[]> {
  const found: string[] = [];
  const source = await asLearner(lane, product, learner.id);
  const { text } = await source('/me/export');
  const document = LearnerExport.parse(JSON.parse(text));
  const copyId = `copy-of-${learner.id}`;
  await importFor(lane, importing, copyId, text);
  const copy = await asLearner(lane, product, copyId);
  found.push(...(await logFaults(lane, learner.id)).map((fault) => `the log was broken before: ${fault}`));
  found.push(...(await logFaults(lane, copyId)));

  // An import makes ids out of the old ones, so they can be put back.
  const original = new Map<string, string>();
  for (const id of text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [])
    original.set(derivedId(copyId, id), id);
  const restored = (answer: string) =>
    answer
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => original.get(id) ?? id)
      .replaceAll(copyId, learner.id);
  const again = LearnerExport.parse(JSON.parse(restored((await copy('/me/export')).text)));
  const [before, after] = [document, again].map((one) => textOf(inOneOrder(lasting(one))));
  if (before !== after) found.push(`an export of it differs: ${parting(before ?? '', after ?? '')}`);

  const moments = Array.from(
    { length: MOMENTS },
    () => document.events[Math.floor(random.next() * document.events.length)]?.created_at,
  );
  const asked = ['/study-paths/current', '/study-tasks/review-due', '/study-tasks?limit=200', '/study-paths'];
  for (const { id } of document.paths) {
    asked.push(`/study-paths/${id}/progress`);
    for (const moment of moments) asked.push(`/study-paths/${id}/progress?as_of=${moment}`);
  }
  for (const path of asked) {
    const own = await source(path);
    const ids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
    const other = await copy(path.replace(ids, (id) => derivedId(copyId, id)));
    const name = path.replace(ids, '{id}').replace(/=.*/, '');
    // A path may not have been there yet.
    const expected = path.includes('as_of') ? [200, 404] : [200];
    if (own.status !== other.status || !expected.includes(own.status))
      found.push(`${name} answers ${other.status} instead of ${own.status}`);
    else if (own.status === 200 && comparable(own.text) !== comparable(restored(other.text)))
      found.push(`${name} differs: ${parting(comparable(own.text), comparable(restored(other.text)))}`);
  }
  return found;
}

/** A task export of the learner, for somebody else: what is rebuilt must be what its log says. */
export async function rebuilding(
  lane: Lane,
  product: Product,
  learner: PractisingLearner,
  importing: Importing,
): Promise<string[]> {
  const source = await asLearner(lane, product, learner.id);
  const { text } = await source('/study-tasks/export?format=json&attempts=true&include=code');
  const { tasks } = TaskExport.parse(JSON.parse(text));
  const copyId = `tasks-of-${learner.id}`;
  await importFor(lane, importing, copyId, text);
  const found = await logFaults(lane, copyId);
  const copy = await asLearner(lane, product, copyId);
  const again = LearnerExport.parse(JSON.parse((await copy('/me/export')).text));
  const practised = new Set(
    tasks.filter(({ metadata }) => metadata.first_score !== undefined).map(({ problem_id }) => problem_id),
  );
  const topics = new Set(
    tasks
      .filter(({ problem_id }) => practised.has(problem_id))
      .flatMap(({ module, topic_tags }) => [module, ...topic_tags]),
  );
  const completed = tasks.some(({ status, attempts }) => status === 'completed' && attempts > 0);
  if (completed && again.mastery.length === 0) found.push('mastery was not rebuilt');
  if (again.mastery.some(({ topic }) => !topics.has(topic))) found.push('mastery of a topic out of nowhere');
  if (completed && again.review_log.length === 0) found.push('reviews were not rebuilt');
  const dates = (rows: readonly { created_at: string }[]) => rows.map(({ created_at }) => created_at).sort();
  const sent = tasks.flatMap(({ submissions = [] }) => submissions);
  if (textOf(dates(sent)) !== textOf(dates(again.evaluations))) found.push('submissions changed their dates');
  return found;
}

/** One learner's history brought to another who has one: nothing of either is lost. */
export async function merging(
  lane: Lane,
  product: Product,
  [one, other]: readonly [PractisingLearner, PractisingLearner],
  importing: Importing,
): Promise<string[]> {
  const [source, target] = [await asLearner(lane, product, one.id), await asLearner(lane, product, other.id)];
  const text = (await source('/me/export')).text;
  const theirs = LearnerExport.parse(JSON.parse(text));
  const mine = LearnerExport.parse(JSON.parse((await target('/me/export')).text));
  await importFor(lane, importing, other.id, text);
  const found = await logFaults(lane, other.id);
  const both = LearnerExport.parse(JSON.parse((await target('/me/export')).text));
  for (const section of ['paths', 'tasks', 'evaluations', 'events', 'module_states', 'review_log'] as const)
    if (both[section].length !== mine[section].length + theirs[section].length)
      found.push(
        `${section}: ${mine[section].length} and ${theirs[section].length} became ${both[section].length}`,
      );
  const union = <Row>(section: (document: LearnerExport) => Row[], key: (row: Row) => string) =>
    new Set([...section(mine), ...section(theirs)].map(key)).size;
  if (
    both.mastery.length !==
    union(
      ({ mastery }) => mastery,
      ({ topic }) => topic,
    )
  )
    found.push('mastery of one side is gone');
  if (
    both.review_queue.length !==
    union(
      ({ review_queue }) => review_queue,
      ({ problem_id }) => problem_id,
    )
  )
    found.push('review cards of one side are gone');
  const firsts = both.tasks.flatMap(({ kind, problem_id, metadata }) =>
    kind !== 'lesson' && metadata.first_score !== undefined && metadata.repeat === undefined
      ? [problem_id]
      : [],
  );
  if (new Set(firsts).size !== firsts.length) found.push('a problem has two first tries');
  for (const row of both.mastery) {
    const least = Math.max(
      ...[mine, theirs].flatMap(({ mastery }) =>
        mastery.filter(({ topic }) => topic === row.topic).map(({ n }) => n),
      ),
    );
    if (row.n < least) found.push('a topic has less evidence than one side had');
  }
  const [moment] = mine.events.map(({ created_at }) => created_at).toSorted((a, b) => (a < b ? 1 : -1));
  for (const { id } of mine.paths) {
    const { status } = await target(`/study-paths/${id}/progress?as_of=${moment}`);
    if (status !== 200) found.push(`as_of answers ${status}`);
  }
  const again = await importFor(lane, importing, other.id, text);
  if (again.tasks !== 0) found.push('a second run adds tasks');
  const twice = LearnerExport.parse(JSON.parse((await target('/me/export')).text));
  if (textOf(lasting(twice)) !== textOf(lasting(both))) found.push('a second run changes something');
  return found;
}
