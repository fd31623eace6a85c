import type { LearnerExport } from '#contract/export.ts';
import type { Context } from '../context.ts';
import { archivedEvents } from './archived.ts';
import { type Download, downloadHeaders } from './export-tasks.ts';
import { withOpened } from './open.ts';
import { type Page, SEPARATOR } from './pages.ts';
import { pathTexts, type TaskKey, taskPage } from './store.ts';
import { type ChildKey, eventPage, judgingPage, type KeyPlace, keyPage } from './store-learner.ts';
import {
  type CardPlace,
  cardPage,
  type LearnerEventPlace,
  type LevelPlace,
  learnerEventPage,
  levelPage,
  type PathEventPlace,
  pathEventPage,
  type ReviewPlace,
  reviewPage,
  type TopicPlace,
  topicPage,
} from './store-learning.ts';
import { bodyOf, pagesFrom, reporter } from './stream.ts';

type Section = Exclude<keyof LearnerExport['counts'], 'paths'>;
type Counts = Record<keyof LearnerExport['counts'], number>;
/** Rows of a section as text. */
type Texts = { text: string; rows: number };

async function* nothing(): AsyncGenerator<Texts> {}

async function* inTurn(first: AsyncIterable<Texts>, last: Texts): AsyncGenerator<Texts> {
  yield* first;
  yield last;
}

/**
 * Everything kept about the learner, as one document that is made while it is read: paths, tasks, judgings with code and output,
 * events with what the tutor said, those of paths and learner, what was learnt from them, idempotency keys. Tasks that come in meanwhile are not in it.
 * @throws StorageError; later failures break the stream.
 */
export async function exportLearner(ctx: Context, learnerId: string): Promise<Download> {
  const at = { as_of: ctx.now, mark: `${crypto.randomUUID()}:` };
  const wish = { format: 'json', order: 'asc', attempts: false } as const;
  const paths = await pathTexts(ctx.db, learnerId, {}, ctx.now);
  const counts: Counts = {
    paths: paths.rows,
    tasks: 0,
    evaluations: 0,
    events: 0,
    path_events: 0,
    learner_events: 0,
    mastery: 0,
    module_states: 0,
    review_queue: 0,
    review_log: 0,
    idempotency_keys: 0,
  };

  async function* section<Key, P extends Page<Key>>(
    name: Section,
    read: (after: Key | null) => Promise<P>,
    sealed = false,
    before: (page: P) => AsyncIterable<Texts> = nothing,
  ): AsyncGenerator<string> {
    let ready = `],\n"${name}":[\n`;
    for await (const page of pagesFrom<Key, P>(await read(null), read)) {
      for await (const { text, rows } of inTurn(before(page), page)) {
        if (rows > 0 && counts[name] > 0) ready += SEPARATOR;
        counts[name] += rows;
        yield ready;
        if (sealed) yield* withOpened(ctx, learnerId, { text, mark: at.mark });
        else yield text;
        ready = '\n';
      }
    }
  }

  async function* parts(): AsyncGenerator<string> {
    const head: Pick<LearnerExport, 'schema' | 'version' | 'as_of' | 'learner_id'> = {
      schema: 'study-paths/learner',
      version: 1,
      as_of: ctx.now,
      learner_id: learnerId,
    };
    yield `${JSON.stringify(head).slice(0, -1)},\n"paths":[\n${paths.text}`;
    yield* section('tasks', (after: TaskKey | null) =>
      taskPage(ctx.db, learnerId, wish, { ...at, after, search: null }),
    );
    yield* section(
      'evaluations',
      (after: ChildKey | null) => judgingPage(ctx.db, learnerId, { ...at, after }),
      true,
    );
    yield* section(
      'events',
      (after: ChildKey | null) => eventPage(ctx.db, learnerId, { ...at, after }),
      true,
      (page) => archivedEvents(ctx, learnerId, page.archived, at.mark),
    );
    yield* section('path_events', (after: PathEventPlace | null) =>
      pathEventPage(ctx.db, learnerId, { ...at, after }),
    );
    yield* section('learner_events', (after: LearnerEventPlace | null) =>
      learnerEventPage(ctx.db, learnerId, { ...at, after }),
    );
    yield* section('mastery', (after: TopicPlace | null) => topicPage(ctx.db, learnerId, { ...at, after }));
    yield* section('module_states', (after: LevelPlace | null) =>
      levelPage(ctx.db, learnerId, { ...at, after }),
    );
    yield* section('review_queue', (after: CardPlace | null) =>
      cardPage(ctx.db, learnerId, { ...at, after }),
    );
    yield* section('review_log', (after: ReviewPlace | null) =>
      reviewPage(ctx.db, learnerId, { ...at, after }),
    );
    yield* section('idempotency_keys', (after: KeyPlace | null) =>
      keyPage(ctx.db, learnerId, { ...at, after }),
    );
    yield `],\n"counts":${JSON.stringify(counts)}}\n`;
  }

  return {
    body: bodyOf(parts(), reporter(ctx, 'learner')),
    headers: downloadHeaders('study-paths-learner', ctx.now, 'json'),
  };
}
