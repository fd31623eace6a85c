import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import files from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveObjects } from '#cli/archive/objects.ts';
import { archivedRows } from '#cli/archive/read.ts';
import { ArchivedEvent } from '#contract/archive.ts';
import { digestOf, gunzip, gzip } from '#worker/events/archive/codec.ts';
import {
  type ArchiveBench,
  archiveBench,
  CutOff,
  dyingPorts,
  HOURS_LATER,
  NOW,
} from '../support/archive-bench.ts';
import { type LocalR2, startLocalR2 } from '../support/local-r2.ts';

let r2: LocalR2;
let bench: ArchiveBench;
beforeAll(async () => {
  r2 = await startLocalR2();
  bench = await archiveBench(r2);
});
afterAll(async () => {
  await bench?.close();
  await r2?.close();
});

/** Objects in the bucket are exactly those of the manifests, all of which are stored. */
async function expectNoneForgotten() {
  const { manifests } = await bench.state();
  expect(manifests.filter(({ state }) => state !== 'stored')).toEqual([]);
  expect(await r2.keys()).toEqual(manifests.map(({ object_key }) => object_key));
}

test('events older than twelve months go to objects by path and month, and are read as before', async () => {
  const path = await bench.seedPath();
  const young = await bench.seedPath({ from: '2025-06-01T00:00:00.000Z' });
  const [before, untouched] = [await bench.readAll(path), await bench.readAll(young)];
  expect(JSON.parse(before)[0]).toHaveLength(12);
  // Ten days apart from 30 December on: 1 in December, 3 in January, 3 in February; March 2025 is not old yet.
  expect(await bench.archive()).toEqual({ dropped: 0, objects: 3, events: 21, refused: 0, failed: 0 });
  const { events, manifests } = await bench.state(path.path);
  expect(events).toBe(15);
  expect(manifests.map(({ object_key, events }) => [object_key.split('/').slice(0, 3), events])).toEqual([
    [['events', path.path, '2024-12'], 3],
    [['events', path.path, '2025-01'], 9],
    [['events', path.path, '2025-02'], 9],
  ]);
  for (const limit of [1, 7, 200]) expect(await bench.readAll(path, limit)).toBe(before);
  expect(await bench.readAll(young)).toBe(untouched);
  await expectNoneForgotten();

  // What was typed is not in the bucket; the rest is, row by row, each with its place in its chain.
  const object = await r2.get(manifests[1]?.object_key ?? '');
  const lines = (await gunzip(object ?? new Uint8Array())).trimEnd().split('\n');
  const archived = lines.map((line) => ArchivedEvent.parse(JSON.parse(line)));
  expect(archived).toHaveLength(9);
  expect(lines.join()).not.toContain('œ');
  expect(archived.every(({ payload }) => 'personal_sha256' in payload || 'hint_id' in payload)).toBe(true);

  // Again: nothing is left to do. A month later March is old, and joins on to what is archived.
  expect(await bench.archive()).toMatchObject({ objects: 0, events: 0 });
  expect(await bench.archive({ now: '2026-04-01T00:17:00.000Z' })).toMatchObject({ objects: 1, events: 9 });
  for (const limit of [3, 200]) expect(await bench.readAll(path, limit)).toBe(before);
  await bench.archive({ now: '2027-04-01T00:17:00.000Z' });
  expect((await bench.state(path.path)).events).toBe(0);
  expect(await bench.readAll(path)).toBe(before);

  // The chain goes on from an archived event.
  const [task = ''] = path.tasks;
  await bench.rows(
    `with task as (update study_tasks set version = version + 1 where id = $1 returning id, version)
     insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
     select id, version, 'metadata_changed', '{"metadata": {"more": true}}', '{"type": "learner"}', now() from task`,
    [task],
  );
  const [link] = await bench.rows(
    `select e.prev_hash = a.last_hash as linked from task_events e join archived_tasks a on a.task_id = e.task_id
     where e.task_id = $1 order by a.last_seq desc limit 1`,
    [task],
  );
  expect(link).toEqual({ linked: true });
  expect((await bench.read(path.learner, task)).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 13 }, (_, at) => at + 1),
  );
});

test('cut off at every step, before or after it took effect: no event is lost or doubled, and no object forgotten', async () => {
  const probe = dyingPorts({ db: bench.db, bucket: r2 }, Number.POSITIVE_INFINITY, 'before');
  await bench.seedPath({ tasks: 2, events: 4 });
  await bench.archive(probe);
  // Sweep, paths; then for each of two objects: harvest, announce, put, get, settle; then that nothing is left.
  expect(probe.calls()).toBe(2 + 2 * 5 + 1);
  for (let at = 1; at <= probe.calls(); at += 1)
    for (const when of ['before', 'after'] as const) {
      const path = await bench.seedPath({ tasks: 2, events: 4 });
      const before = await bench.readAll(path);
      const dying = dyingPorts({ db: bench.db, bucket: r2 }, at, when);
      const run = await bench.archive(dying).catch((error: unknown) => error);
      expect(run instanceof CutOff || (run as { failed: number }).failed === 1, `${at} ${when}`).toBe(true);
      expect(await bench.readAll(path), `${at} ${when}`).toBe(before);
      await bench.archive();
      expect(await bench.readAll(path), `${at} ${when}, run again`).toBe(before);
      expect((await bench.state(path.path)).events).toBe(0);
    }
  expect((await bench.archive({ now: HOURS_LATER })).dropped).toBeGreaterThan(0);
  await expectNoneForgotten();
});

test('several runs at once: each event is archived once', async () => {
  const paths = await Promise.all([1, 2, 3].map(() => bench.seedPath({ tasks: 4 })));
  const before = await Promise.all(paths.map((path) => bench.readAll(path)));
  const runs = await Promise.all([1, 2, 3].map(() => bench.archive()));
  const sum = (name: 'events' | 'objects' | 'refused' | 'failed') =>
    runs.reduce((total, counts) => total + counts[name], 0);
  expect([sum('events'), sum('objects'), sum('failed')]).toEqual([3 * 28, 9, 0]);
  expect(await Promise.all(paths.map((path) => bench.readAll(path)))).toEqual(before);
  expect((await bench.archive()).events).toBe(0);
  await expectNoneForgotten();
});

test('a bucket that loses or alters what it was given keeps everything in the log', async () => {
  const path = await bench.seedPath();
  const before = await bench.readAll(path);
  const flipped = async (key: string) => {
    const bytes = await r2.get(key);
    if (bytes !== null) bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    return bytes;
  };
  for (const bucket of [
    { ...r2, put: async () => {} },
    { ...r2, get: flipped },
    { ...r2, put: () => Promise.reject(new Error('R2 is down')) },
  ])
    expect(await bench.archive({ bucket })).toMatchObject({ objects: 0, failed: 1 });
  expect((await bench.state(path.path)).events).toBe(36);
  expect(await bench.readAll(path)).toBe(before);
  expect(await bench.archive({ now: HOURS_LATER })).toMatchObject({ dropped: 3, objects: 3, failed: 0 });
  await expectNoneForgotten();
});

test('an object that is missing or was altered is an error, never a hole', async () => {
  const path = await bench.seedPath();
  await bench.archive();
  const [task = ''] = path.tasks;
  const { manifests } = await bench.state(path.path);
  const key = manifests[1]?.object_key ?? '';
  const genuine = (await r2.get(key)) ?? new Uint8Array();
  const integrity = { code: 'integrity-error' };
  const read = () => bench.read(path.learner, task, 200);

  await r2.delete([key]);
  await expect(read()).rejects.toMatchObject({ ...integrity, cause: 'archive-object-missing' });
  const text = await gunzip(genuine);
  const lines = text.trimEnd().split('\n');
  for (const forged of [
    genuine.slice(0, -1),
    await gzip(`${lines.slice(1).join('\n')}\n`),
    await gzip(text.replace('"request_id": "seed"', '"request_id": "sold"')),
    (await r2.get(manifests[0]?.object_key ?? '')) ?? new Uint8Array(),
  ]) {
    await r2.put(key, forged);
    await expect(read()).rejects.toMatchObject({ ...integrity, cause: 'archive-object-changed' });
  }
  // Someone who may also write manifests: the chain does not fit.
  const shorter = await gzip(`${lines.slice(1).join('\n')}\n`);
  await r2.put(key, shorter);
  const setDigest = async (bytes: Uint8Array<ArrayBuffer>) =>
    bench.rows('update event_archives set sha256 = $2 where object_key = $1', [key, await digestOf(bytes)]);
  await setDigest(shorter);
  const outcomes = await Promise.allSettled(path.tasks.map((id) => bench.read(path.learner, id, 200)));
  expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([
    { reason: { ...integrity, cause: 'archive-chain-broken' } },
  ]);
  await setDigest(genuine);
  await r2.put(key, genuine);
  await read();
  await bench.rows('delete from archived_tasks where task_id = $1 and first_seq > 1', [task]);
  await expect(read()).rejects.toMatchObject({ ...integrity, cause: 'log-not-whole' });

  const [other = ''] = path.tasks.slice(1);
  const down = { ...r2, get: () => Promise.reject(new Error('R2 is down')) };
  for (const archive of [down, null])
    await expect(bench.read(path.learner, other, 200, archive)).rejects.toMatchObject({
      code: 'archive-unavailable',
    });
});

test('commands read the archive from copies of its objects, and hear which of them are not as they were', async () => {
  const path = await bench.seedPath({ tasks: 2, events: 6 });
  const whole = await bench.rows<{ id: string; hash: string; payload: object; personal: object | null }>(
    `select id, encode(hash, 'hex') as hash, payload, personal from task_events where task_id = any($1)
     and created_at < '2025-03-01' order by id`,
    [path.tasks],
  );
  await bench.archive();
  const folder = await mkdtemp(files.join(tmpdir(), 'study-paths-copy-'));
  const keys = (await bench.state(path.path)).manifests.map(({ object_key }) => object_key);
  for (const key of keys) {
    await mkdir(files.join(folder, files.dirname(key)), { recursive: true });
    await writeFile(files.join(folder, key), (await r2.get(key)) ?? '');
  }
  const objects = archiveObjects(folder);
  const ask = {
    query: async (text: string, values: unknown[]) => ({ rows: await bench.rows(text, values) }),
  };
  const read = () => archivedRows(ask, objects, path.tasks);
  const { rows, faults } = await read();
  expect(faults).toEqual([]);
  const events = [...rows.values()].flat().map(({ event, personal }) => {
    const { id, hash, payload } = event;
    return { id, hash, payload, personal };
  });
  expect(events.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(whole);
  await expect(archivedRows(ask, null, path.tasks)).rejects.toThrow('--archive');

  const [first = '', second = ''] = keys;
  await rm(files.join(folder, first));
  await writeFile(files.join(folder, second), await gzip('{}\n'));
  const told = (await read()).faults.map(({ object_key, fault }) => [object_key, fault]).toSorted();
  expect(told).toEqual([
    [first, 'is missing'],
    [second, 'was altered'],
  ]);
  await rm(folder, { recursive: true });
});

test('the log lets go of nothing that the manifest does not cover, and the Worker cannot forge one', async () => {
  const path = await bench.seedPath({ tasks: 2, events: 6 });
  const [task = '', other = ''] = path.tasks.toSorted();
  const chain = async (id: string, first: number, last: number) => {
    const [row] = await bench.rows(
      `select $1::uuid as task_id, $2::integer as first_seq, $3::integer as last_seq,
         (select encode(prev_hash, 'hex') from task_events where task_id = $1 and seq = $2) as prev_hash,
         (select encode(hash, 'hex') from task_events where task_id = $1 and seq = $3) as last_hash`,
      [id, first, last],
    );
    return row ?? {};
  };
  const whole = await chain(task, 1, 3);
  const wrong: [string, object[], number][] = [
    ['not the beginning', [await chain(task, 2, 3)], 2],
    ['beyond the end', [{ ...(await chain(task, 1, 6)), last_seq: 7 }], 7],
    ['another hash at the end', [{ ...whole, last_hash: (await chain(other, 1, 3)).last_hash }], 3],
    ['another hash in front', [{ ...whole, prev_hash: 'f'.repeat(64) }], 3],
    ['another number of events', [whole], 4],
    ['one right, one wrong', [whole, await chain(other, 2, 2)], 4],
    ['nothing at all', [], 0],
  ];
  const attempt = async (target: string) => {
    const [row] = await bench.rows<{ id: string }>(
      `insert into event_archives (id, path_id, month, object_key, started_at)
       values (gen_random_uuid(), $1, '2025-01-01', gen_random_uuid()::text, $2) returning id`,
      [target, NOW],
    );
    return row?.id;
  };
  const settle = (id: string | undefined, chains: object[], events: number) =>
    bench.rows('select archive_events($1, $2, 10, $3, $4) as stored', [
      id,
      'a'.repeat(64),
      events,
      JSON.stringify(chains),
    ]);
  for (const [name, chains, events] of wrong)
    expect(await settle(await attempt(path.path), chains, events), name).toEqual([{ stored: false }]);
  const foreign = await bench.seedPath({ tasks: 1, events: 1 });
  expect(await settle(await attempt(foreign.path), [whole], 3)).toEqual([{ stored: false }]);
  const abandoned = await attempt(path.path);
  expect(await bench.rows('select abandon_archive($1) as gone', [abandoned])).toEqual([{ gone: true }]);
  expect(await settle(abandoned, [whole], 3)).toEqual([{ stored: false }]);
  expect((await bench.state(path.path)).events).toBe(12);

  const stored = await attempt(path.path);
  // The answer is lost and the statement sent again: it is still so.
  for (const _ of [1, 2]) expect(await settle(stored, [whole], 3)).toEqual([{ stored: true }]);
  expect((await bench.state(path.path)).events).toBe(9);
  expect(await bench.rows('select abandon_archive($1) as gone', [stored])).toEqual([{ gone: false }]);
  expect(await bench.rows('select forget_archives(array[$1::uuid]) as n', [stored])).toEqual([{ n: 0 }]);

  for (const text of [
    `delete from event_archives`,
    `update event_archives set state = 'dropping'`,
    `insert into archived_tasks select gen_random_uuid(), 1, 1, '', '', gen_random_uuid()`,
    `delete from archived_tasks`,
    `delete from archived_texts`,
    `update archived_texts set personal = '{}'`,
    `update task_transcripts set sealed = ''`,
    `delete from task_transcripts`,
    `delete from task_events`,
  ]) {
    const asWorker = bench.rows(`do $do$ begin set local role study_paths_worker; ${text}; end $do$`);
    await expect(asWorker, text).rejects.toMatchObject({ code: '42501' });
  }
  await bench.erase(path.learner);
  await bench.erase(foreign.learner);
});

test('an erasure takes the objects along, of one path or of all, also when it meets a run of the archive', async () => {
  const path = await bench.seedPath();
  const stays = await bench.seedPath();
  await bench.archive();
  const before = await bench.readAll(stays);
  expect((await r2.keys()).filter((key) => key.includes(path.path))).toHaveLength(3);
  await bench.erase(path.learner, path.path);
  expect((await r2.keys()).filter((key) => key.includes(path.path))).toEqual([]);
  expect((await bench.state(path.path)).manifests).toEqual([]);
  const [left] = await bench.rows(
    `select (select count(*)::integer from archived_tasks where task_id = any($1)) as chains,
       (select count(*)::integer from archived_texts where task_id = any($1)) as texts`,
    [path.tasks],
  );
  expect(left).toEqual({ chains: 0, texts: 0 });
  expect(await bench.readAll(stays)).toBe(before);

  // Erased between harvest and settlement: the object that was written for it goes as well.
  const meets = await bench.seedPath();
  let erased = false;
  const bucket = {
    ...r2,
    async get(key: string) {
      if (!erased && key.includes(meets.path)) {
        erased = true;
        await bench.erase(meets.learner);
      }
      return r2.get(key);
    },
  };
  expect(await bench.archive({ bucket })).toMatchObject({ refused: 1, failed: 0 });
  expect((await r2.keys()).filter((key) => key.includes(meets.path))).toEqual([]);
  expect((await bench.state(meets.path)).manifests).toEqual([]);

  // An erasure whose bucket is out of reach is finished by the cron.
  const down = { ...r2, delete: () => Promise.reject(new Error('R2 is down')) };
  await expect(bench.erase(stays.learner, null, { bucket: down })).rejects.toMatchObject({
    code: 'archive-unavailable',
  });
  expect(await bench.archive()).toMatchObject({ dropped: 3 });
  expect((await r2.keys()).filter((key) => key.includes(stays.path))).toEqual([]);
});
