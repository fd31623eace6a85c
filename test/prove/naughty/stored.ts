import { isDeepStrictEqual } from 'node:util';
import type { TaskDetail } from '#contract/history.ts';
import type { Answer, Ask } from '../kit/product.ts';
import type { Naughty } from './values.ts';

type Send = (path: string, options?: Ask) => Promise<Answer>;

/** Something that is kept: how it is sent, and where it is read again. */
type Keeper = {
  name: string;
  body(value: Naughty): { path: string; ask: Ask };
  /** What was kept, out of the task's detail view. */
  kept(detail: TaskDetail): unknown;
  /** Whether only texts can be kept there. */
  textOnly: boolean;
};

/** -0 is 0 in PostgreSQL, and the same number. */
export function sentValue(json: string): unknown {
  return JSON.parse(json, (_, value: unknown) => (value === 0 ? 0 : value));
}

const keepers = (task: string): readonly Keeper[] => [
  {
    name: 'metadata',
    textOnly: false,
    body: ({ json }) => ({
      path: `/v1/study-tasks/${task}`,
      ask: { method: 'PATCH', raw: `{"metadata":{"note":${json}}}` },
    }),
    kept: ({ task: { metadata } }) => metadata.note,
  },
  {
    name: 'a key of the metadata',
    textOnly: true,
    body: ({ json }) => ({
      path: `/v1/study-tasks/${task}`,
      ask: { method: 'PATCH', raw: `{"metadata":{"list":[{${json}:1}]}}` },
    }),
    kept: ({ task: { metadata } }) => Object.keys((metadata.list as object[])[0] ?? {})[0],
  },
  {
    name: 'code',
    textOnly: true,
    body: ({ json }) => ({
      path: `/v1/study-tasks/${task}/submit`,
      ask: { raw: `{"language":"python","code":${json}}` },
    }),
    kept: ({ evaluations }) => evaluations[0]?.code,
  },
  {
    name: 'the reason of a skip',
    textOnly: true,
    body: ({ json }) => ({
      path: `/v1/study-tasks/${task}`,
      ask: { method: 'PATCH', raw: `{"status":"skipped","reason":${json}}` },
    }),
    kept: ({ task: { metadata } }) => metadata.skip_reason,
  },
];

/** Texts of a batch, read back from the tasks that it made. */
async function batchFaults(send: Send, path: string, value: Naughty): Promise<string[]> {
  const task = `{"problem_id":"lesson-1","kind":"lesson","module":"hashing","difficulty":1,
    "scheduled_at":"2026-01-01T00:00:00Z","reason":${value.json},"topic_tags":[${value.json}]}`;
  const made = await send('/v1/study-tasks/batch', { raw: `{"path_id":"${path}","tasks":[${task}]}` });
  if (made.status !== 201) return made.status < 500 ? [] : [`a batch was answered ${made.status}`];
  const [id = ''] = (made.body as { ids: string[] }).ids;
  const { task: stored } = (await send(`/v1/study-tasks/${id}`)).body as TaskDetail;
  const sent: unknown = JSON.parse(value.json);
  const same = stored.metadata.reason === sent && stored.topic_tags[0] === sent;
  return same
    ? []
    : [`a batch kept ${JSON.stringify([stored.metadata.reason, stored.topic_tags])} for ${value.json}`];
}

/** Sends a value to everything that keeps one and reads it back: what was accepted must be what was sent. */
export async function storedFaults(
  send: Send,
  ids: { task: string; path: string },
  value: Naughty,
): Promise<{ kept: number; problems: string[] }> {
  const problems = value.text === null ? [] : await batchFaults(send, ids.path, value);
  let kept = 0;
  for (const keeper of keepers(ids.task)) {
    if (keeper.textOnly && value.text === null) continue;
    const { path, ask } = keeper.body(value);
    const answer = await send(path, ask);
    if (answer.status >= 300) {
      if (answer.status >= 500)
        problems.push(`${keeper.name}: answered ${answer.status} to ${value.json.slice(0, 80)}`);
      continue;
    }
    kept += 1;
    const detail = (await send(`/v1/study-tasks/${ids.task}`)).body as TaskDetail;
    const found = keeper.kept(detail);
    if (!isDeepStrictEqual(found, sentValue(value.json))) {
      problems.push(
        `${keeper.name} kept ${JSON.stringify(found)?.slice(0, 80)} for ${value.json.slice(0, 80)}`,
      );
    }
  }
  return { kept, problems };
}
