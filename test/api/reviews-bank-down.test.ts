import { afterEach, expect, test } from 'vitest';
import { DueReviewPage } from '#contract/reviews.ts';
import { inDatabase, newLearner, stack, withFaults } from '../support/api.ts';
import { startClockedWorker } from '../support/clocked-worker.ts';
import { cardOf, DAY, seedCards, seedPath } from '../support/review-bench.ts';

type Worker = Awaited<ReturnType<typeof startClockedWorker>>;
let workers: Worker[] = [];
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  workers = [];
});

/** A Worker that has asked the bank for nothing yet, so that no copy helps it out. */
async function freshWorker(): Promise<Worker> {
  const worker = await startClockedWorker();
  workers.push(worker);
  return worker;
}

const FAULTS = [
  { kind: 'status', status: 503 },
  { kind: 'reset' },
  { kind: 'garbage' },
  { kind: 'wrong-schema' },
  { kind: 'truncated' },
] as const;

async function bankProblems(count: number): Promise<string[]> {
  const { data } = (await (await fetch(`${stack.bank}/v1/problems?limit=${count}`)).json()) as {
    data: { problem_id: string }[];
  };
  return data.map(({ problem_id }) => problem_id);
}

/** A learner whose cards are all overdue, and the due list through a Worker of its own. */
async function withCards(ids: readonly string[]) {
  const { id, token } = await newLearner('seeded');
  const path = await seedPath(inDatabase, id);
  const { state } = cardOf([['good', new Date(Date.now() - 6 * DAY).toISOString()]]);
  await seedCards(
    inDatabase,
    id,
    path,
    ids.map((problem_id) => ({ problem_id, state })),
  );
  return async (worker: Worker): Promise<DueReviewPage> => {
    const response = await fetch(`${worker.url}/v1/study-tasks/review-due`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
    return DueReviewPage.parse(await response.json());
  };
}

// Up to five problems are asked for one by one, more of them by the catalogue.
test.each(FAULTS.flatMap((fault) => [3, 6].map((cards) => [fault.kind, cards, fault] as const)))(
  'with a bank of %s and no copy of its answers, %d due reviews are listed without their problems alone',
  async (_, cards, fault) => {
    const ids = await bankProblems(cards);
    const dueOf = await withCards(ids);
    const worker = await freshWorker();
    const down = await withFaults(stack.bank, [{ path: '/v1/problems', ...fault }], () => dueOf(worker));
    expect(down.data.map(({ problem_id }) => problem_id)).toEqual(ids.toSorted());
    expect(down.data.map(({ problem }) => problem)).toEqual(ids.map(() => null));

    const up = await dueOf(await freshWorker());
    expect(up.data.map(({ problem }) => problem?.problem_id)).toEqual(ids.toSorted());
    for (const [index, { due_at, overdue_days, state, task }] of up.data.entries())
      expect(down.data[index]).toMatchObject({ due_at, overdue_days, state, task });
  },
);

test('a problem that the bank no longer knows stays in the list, the others keep their summaries', async () => {
  const [known = ''] = await bankProblems(1);
  const dueOf = await withCards([known, 'withdrawn-problem']);
  const { data } = await dueOf(await freshWorker());
  expect(new Map(data.map(({ problem_id, problem }) => [problem_id, problem?.problem_id ?? null]))).toEqual(
    new Map([
      [known, known],
      ['withdrawn-problem', null],
    ]),
  );
});
