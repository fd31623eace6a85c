import { expect, test } from 'vitest';
import { archiveObjects } from '#cli/archive/objects.ts';
import { ArchivedEvent } from '#contract/archive.ts';
import type { TaskEvent } from '#contract/events.ts';
import { EventPage, type HintList, TaskDetail } from '#contract/history.ts';
import { ConfirmationRequired } from '#contract/privacy.ts';
import {
  type Answer,
  inDatabase,
  type Learner,
  learnerAt,
  newLearner,
  runCron,
  stack,
  workerLog,
} from '../support/api.ts';
import { startClockedWorker } from '../support/clocked-worker.ts';
import { busyLearner, everythingOf } from '../support/imports.ts';
import { PLATEAU } from '../support/submissions.ts';

const objects = archiveObjects(`${stack.worker}/cdn-cgi/local/r2/public/study-paths-events`);

/** Runs of the cron that one learner's events may wait for: each takes a hundred objects, of other tests' learners too. */
const RUNS = 40;

/** The archive's cron, more than a year from now, until everything that the learner has so far is archived. */
async function archiveEverything(learner: Learner): Promise<void> {
  const now = new Date();
  const later = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 14, 3));
  for (let run = 0; run < RUNS; run += 1) {
    await runCron(later, '47 * * * *');
    if ((await rowsOf(learner)) === 0) return;
  }
  throw new Error('not everything was archived');
}

/** Answers as text, since they shall not change in a byte. */
async function text(learner: Learner, route: string): Promise<string> {
  const response = await learner.send(route);
  expect(response.status).toBe(200);
  return response.text();
}

type Page = { data: unknown[]; next_cursor: string | null };

async function pages(learner: Learner, url: string, limit: number): Promise<string[]> {
  const seen: string[] = [];
  for (let route: string | undefined = `${url}?limit=${limit}`; route !== undefined; ) {
    const answer: Answer<Page> = await learner.call<Page>(route);
    expect(answer.status).toBe(200);
    seen.push(JSON.stringify(answer.body.data));
    const { next_cursor } = answer.body;
    route = next_cursor === null ? undefined : `${url}?limit=${limit}&cursor=${next_cursor}`;
  }
  return seen;
}

function manifestsOf(learner: Learner) {
  return inDatabase<{ id: string; object_key: string; events: number }>(
    `select a.id, a.object_key, a.events from event_archives a join study_paths p on p.id = a.path_id
     where p.user_id = $1 and a.state = 'stored' order by a.object_key`,
    [learner.id],
  );
}

/** Events of the learner's tasks that are rows. */
async function rowsOf(learner: Learner): Promise<number> {
  const [row] = await inDatabase<{ events: number }>(
    `select count(*)::integer as events from task_events e join study_tasks t on t.id = e.task_id
     join study_paths p on p.id = t.path_id where p.user_id = $1`,
    [learner.id],
  );
  return row?.events ?? 0;
}

const bySeq = (a: TaskEvent, b: TaskEvent) => a.task_id.localeCompare(b.task_id) || a.seq - b.seq;

test('every view of a task is the same byte for byte after its events went to the archive, and its log goes on', async () => {
  const { learner, taskId } = await busyLearner();
  const url = `/v1/study-tasks/${taskId}`;
  const look = async () => ({
    detail: await text(learner, url),
    hints: await text(learner, `${url}/hints`),
    events: await text(learner, `${url}/events`),
    pages: await pages(learner, `${url}/events`, 3),
    hintPages: await pages(learner, `${url}/hints`, 1),
  });
  const before = await look();
  const exported = await everythingOf(learner);
  const parsed = TaskDetail.parse(JSON.parse(before.detail));
  expect(parsed.hints).toMatchObject([{ question: 'Where do I begin?', outcome: 'complete' }]);
  expect(parsed.events.some(({ event_type }) => event_type === 'metadata_changed')).toBe(true);

  await archiveEverything(learner);
  const manifests = await manifestsOf(learner);
  expect(manifests.reduce((sum, { events }) => sum + events, 0)).toBe(exported.events.length);
  expect(await look()).toEqual(before);
  const after = await everythingOf(learner);
  expect(after.events.toSorted(bySeq)).toEqual(exported.events.toSorted(bySeq));

  // What was typed stays in the database; the object has the rest, and nobody's name.
  const bytes = await objects.read(manifests[0]?.object_key ?? '');
  const content = Buffer.from(bytes ?? []);
  expect(content.subarray(0, 2).toString('hex')).toBe('1f8b');
  const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream('gzip'));
  const lines = (await new Response(stream).text()).trimEnd().split('\n');
  expect(lines.map((line) => ArchivedEvent.parse(JSON.parse(line)))).toHaveLength(manifests[0]?.events ?? 0);
  expect(lines.join()).not.toMatch(/too easy|@SUM|Where do I begin/);
  expect(lines.join() + manifests.map(({ object_key }) => object_key).join()).not.toContain(learner.id);

  // The tutor still knows the hint that was given: the next one is a rung higher.
  await (await learner.send(`${url}/hint`, { body: { question: 'and then?' } })).text();
  await expect
    .poll(async () => (await learner.call<HintList>(`${url}/hints`)).body.data.map(({ outcome }) => outcome))
    .toEqual(['complete', 'complete']);
  const { data } = (await learner.call<HintList>(`${url}/hints`)).body;
  expect(data).toMatchObject([
    { level: 1, question: 'Where do I begin?' },
    { level: 2, question: 'and then?' },
  ]);
  const page = EventPage.parse((await learner.call(`${url}/events?limit=200`)).body);
  expect(page.data.map(({ seq }) => seq)).toEqual(page.data.map((_, at) => at + 1));
  const detail = TaskDetail.parse((await learner.call(url)).body);
  expect(detail.events.at(-1)?.seq).toBe(detail.task.version);
  expect(detail.hints).toEqual(data);
});

test('an archive that is not as its manifest says is a problem, never a part of an answer', async () => {
  const { learner, taskId } = await busyLearner();
  await archiveEverything(learner);
  const manifests = await manifestsOf(learner);
  const ids = manifests.map(({ id }) => id);
  const routes = ['', '/events', '/hints'].map((view) => `/v1/study-tasks/${taskId}${view}`);
  const refused = async (cause: string) => {
    for (const route of routes) {
      const answer = await learner.call(route);
      expect(answer).toMatchObject({ status: 500, body: { code: 'integrity-error' } });
      const told = async () =>
        (await workerLog())
          .split('\n')
          .filter((line) => line.includes(answer.requestId))
          .join();
      await expect.poll(told, { timeout: 20_000 }).toContain(`"cause":"${cause}"`);
    }
    // An export that has begun breaks off.
    await expect(everythingOf(learner)).rejects.toThrow();
  };
  await inDatabase(`update event_archives set sha256 = repeat('0', 64) where id = any($1)`, [ids]);
  await refused('archive-object-changed');
  await inDatabase(`update event_archives set object_key = object_key || '.gone' where id = any($1)`, [ids]);
  await refused('archive-object-missing');
  const hint = await learner.post(`/v1/study-tasks/${taskId}/hint`, {});
  expect(hint).toMatchObject({ status: 500, body: { code: 'integrity-error' } });
});

test('without its bucket a Worker answers nothing of what was archived; what it was to remove, the cron removes later', async () => {
  const { learner, taskId } = await busyLearner();
  await archiveEverything(learner);
  const [manifest] = await manifestsOf(learner);
  const there = async () => (await objects.read(manifest?.object_key ?? '')) !== null;
  const [task] = await inDatabase<{ path: string }>('select path_id as path from study_tasks where id = $1', [
    taskId,
  ]);
  const unavailable = { status: 503, body: { code: 'archive-unavailable' } };
  const worker = await startClockedWorker();
  try {
    const bare = learnerAt(learner, worker.url);
    for (const view of ['', '/events', '/hints']) {
      expect(await bare.call(`/v1/study-tasks/${taskId}${view}`)).toMatchObject(unavailable);
    }
    expect(await bare.post(`/v1/study-tasks/${taskId}/hint`, {})).toMatchObject(unavailable);
    expect(await bare.call(`/v1/study-paths/${task?.path}`, { method: 'DELETE' })).toMatchObject(unavailable);
  } finally {
    await worker.close();
  }
  expect((await learner.call(`/v1/study-tasks/${taskId}`)).status).toBe(404);
  expect(await there()).toBe(true);
  await runCron(new Date(), '17 * * * *');
  expect(await there()).toBe(false);
});

test('DELETE /me and DELETE of a path take the objects along', async () => {
  const learner = await newLearner('seeded');
  const [one, two] = [await learner.newPath(), await learner.newPath()];
  for (const { path } of [one, two]) await learner.newTask(path.id, PLATEAU);
  await archiveEverything(learner);
  const manifests = await manifestsOf(learner);
  const ofPath = (id: string) =>
    manifests.map(({ object_key }) => object_key).filter((key) => key.includes(id));
  const keys = [...ofPath(one.path.id), ...ofPath(two.path.id)];
  expect(keys).toHaveLength(2);
  const there = () => Promise.all(keys.map(async (key) => (await objects.read(key)) !== null));
  expect(await there()).toEqual([true, true]);

  expect((await learner.call(`/v1/study-paths/${one.path.id}`, { method: 'DELETE' })).status).toBe(204);
  expect(await there()).toEqual([false, true]);
  const asked = ConfirmationRequired.parse((await learner.call('/v1/me', { method: 'DELETE' })).body);
  expect(asked.confirmation.removes.archived_events).toBe(
    manifests.find(({ object_key }) => object_key.includes(two.path.id))?.events,
  );
  const confirmed = await learner.call(`/v1/me?confirm=${asked.confirmation.token}`, { method: 'DELETE' });
  expect(confirmed.status).toBe(204);
  expect(await there()).toEqual([false, false]);
  expect(await inDatabase('select 1 from event_archives where object_key = any($1)', [keys])).toEqual([]);
});
