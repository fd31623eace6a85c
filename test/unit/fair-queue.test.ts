import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFairQueue } from '../../src/services/evaluator/fair-queue.ts';

const LIMITS = { slots: 2, parked: 2, waiting: 20, waitingOfOne: 4 };
const SECOND = 1000;

/** A queue whose entries are named `learner:n`, with the learner before the colon. */
function queueOf(limits: Partial<typeof LIMITS> = {}) {
  const queue = createFairQueue<string>({ ...LIMITS, ...limits });
  const enter = (...entries: string[]) =>
    entries.map((entry) => queue.enter(entry, entry.split(':')[0] ?? entry));
  function started(now: number): string[] {
    const entries: string[] = [];
    for (let entry = queue.next(now); entry !== null; entry = queue.next(now)) entries.push(entry);
    return entries;
  }
  /** Lets a learner use `ms` of slot time that ends `now`. */
  function burn(learner: string, ms: number, now: number): void {
    enter(`${learner}:burn`);
    expect(queue.next(now - ms)).toBe(`${learner}:burn`);
    queue.end(`${learner}:burn`, now);
  }
  return { ...queue, enter, started, burn };
}

describe('turns', () => {
  test('learners take turns, each one in order of arrival', () => {
    const queue = queueOf({ slots: 1, waitingOfOne: 9 });
    queue.enter('a:1', 'a:2', 'a:3', 'b:1', 'c:1', 'b:2');
    const order: string[] = [];
    for (let now = 0; queue.counts().waiting > 0; now += 100) {
      for (const entry of queue.started(now)) {
        order.push(entry);
        queue.end(entry, now + 50);
      }
    }
    expect(order).toEqual(['a:1', 'b:1', 'c:1', 'a:2', 'b:2', 'a:3']);
  });
  test('what was taken back has no turn', () => {
    const queue = queueOf();
    queue.enter('a:1', 'a:2', 'b:1');
    expect([queue.withdraw('a:1'), queue.withdraw('a:1'), queue.withdraw('none')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(queue.started(0)).toEqual(['a:2', 'b:1']);
    expect(queue.withdraw('a:2')).toBe(false);
  });
});

describe('bounds', () => {
  test('of one learner and of all', () => {
    const queue = queueOf({ waiting: 5, waitingOfOne: 3 });
    expect(queue.enter('a:1', 'a:2', 'a:3', 'a:4')).toEqual([null, null, null, 'learner-full']);
    expect(queue.enter('b:1', 'c:1', 'd:1')).toEqual([null, null, 'queue-full']);
    expect(queue.counts()).toEqual({ running: 0, parked: 0, waiting: 5 });
  });
});

describe('the last free slot', () => {
  test('is not for the second run of a learner', () => {
    const queue = queueOf();
    queue.enter('a:1', 'a:2');
    expect(queue.started(0)).toEqual(['a:1']);
    queue.enter('b:1');
    expect(queue.started(1)).toEqual(['b:1']);
    queue.end('a:1', 2);
    queue.end('b:1', 2);
    expect(queue.started(3)).toEqual(['a:2']);
  });
  test('is not for who used more than 10 s in the last minute', () => {
    for (const [used, expected] of [
      [10 * SECOND, ['b:1', 'a:1']],
      [10 * SECOND + 1, ['b:1']],
    ] as const) {
      const queue = queueOf();
      queue.burn('a', used, 100 * SECOND);
      queue.enter('b:1', 'a:1');
      expect(queue.started(100 * SECOND)).toEqual(expected);
    }
  });
  test('is for them again once their runs are a minute old', () => {
    const queue = queueOf();
    queue.burn('a', 12 * SECOND, 12 * SECOND);
    queue.enter('b:1', 'a:1');
    expect(queue.started(20 * SECOND)).toEqual(['b:1']);
    // At 61.9 s the last minute still holds 10.1 s of the run, at 62 s ten.
    expect(queue.started(61.9 * SECOND)).toEqual([]);
    expect(queue.started(62 * SECOND)).toEqual(['a:1']);
  });
  test('counts a run that goes on, and boots: many short runs are 500 ms each', () => {
    const queue = queueOf();
    for (let i = 0; i < 21; i++) queue.burn('a', 1, 1000 + i);
    queue.enter('b:1', 'a:1');
    expect(queue.started(2000)).toEqual(['b:1']);
  });
  test('may be had by light learners, who go first', () => {
    const queue = queueOf();
    queue.burn('a', 11 * SECOND, 11 * SECOND);
    queue.enter('a:1', 'b:1', 'c:1');
    expect(queue.started(11 * SECOND)).toEqual(['b:1', 'c:1']);
    queue.end('b:1', 12 * SECOND);
    expect(queue.started(12 * SECOND)).toEqual([]);
    queue.end('c:1', 12 * SECOND);
    expect(queue.started(12 * SECOND)).toEqual(['a:1']);
  });
  test('of heavy learners, who used least goes first where two slots are free', () => {
    const queue = queueOf();
    queue.burn('a', 20 * SECOND, 20 * SECOND);
    queue.burn('b', 11 * SECOND, 31 * SECOND);
    queue.enter('a:1', 'b:1');
    expect(queue.started(31 * SECOND)).toEqual(['b:1']);
  });
  test('does not count the time until the child is up', () => {
    const queue = queueOf();
    queue.enter('a:1');
    expect(queue.started(0)).toEqual(['a:1']);
    queue.begin('a:1', 15 * SECOND);
    queue.end('a:1', 16 * SECOND);
    queue.enter('b:1', 'a:2');
    expect(queue.started(16 * SECOND)).toEqual(['b:1', 'a:2']);
  });
  test('where there is one slot, others go first and it never stays empty', () => {
    const queue = queueOf({ slots: 1 });
    queue.burn('a', 11 * SECOND, 11 * SECOND);
    queue.enter('a:1', 'b:1');
    expect(queue.started(11 * SECOND)).toEqual(['b:1']);
    queue.end('b:1', 12 * SECOND);
    expect(queue.started(12 * SECOND)).toEqual(['a:1']);
  });
});

describe('parked runs', () => {
  test('give their slots up for good, up to a number; the next one waits in its slot', () => {
    const queue = queueOf({ parked: 1 });
    queue.enter('a:1', 'b:1', 'c:1', 'd:1');
    expect(queue.started(0)).toEqual(['a:1', 'b:1']);
    queue.park('a:1');
    expect(queue.started(1)).toEqual(['c:1']);
    queue.park('b:1');
    expect([queue.started(2), queue.counts()]).toEqual([[], { running: 2, parked: 1, waiting: 1 }]);
    queue.end('a:1', 3);
    expect([queue.started(3), queue.counts()]).toEqual([['d:1'], { running: 2, parked: 1, waiting: 0 }]);
  });
  test('count as slot time', () => {
    const queue = queueOf();
    queue.enter('a:1');
    expect(queue.started(0)).toEqual(['a:1']);
    queue.park('a:1');
    queue.end('a:1', 11 * SECOND);
    queue.enter('b:1', 'a:2');
    expect(queue.started(11 * SECOND)).toEqual(['b:1']);
  });
});

test('whatever happens, slots and bounds hold, and a light learner never waits next to a free slot', () => {
  const learner = fc.constantFrom('a', 'b', 'c', 'd');
  const step = fc.oneof(
    fc.record({ what: fc.constant('enter' as const), learner }),
    fc.record({
      what: fc.constantFrom('end' as const, 'park' as const, 'withdraw' as const),
      pick: fc.nat(9),
    }),
    fc.record({ what: fc.constant('wait' as const), ms: fc.nat(20_000) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 3 }), (steps, slots) => {
      const queue = queueOf({ slots });
      let [now, made] = [0, 0];
      const going = new Set<string>();
      const waits = new Set<string>();
      const used = new Map<string, number>();
      for (const one of steps) {
        if (one.what === 'enter') {
          made += 1;
          const entry = `${one.learner}:${made}`;
          if (queue.enter(entry)[0] === null) waits.add(entry);
        } else if (one.what === 'wait') now += one.ms;
        else {
          const among = [...(one.what === 'withdraw' ? waits : going)];
          const entry = among[one.pick % Math.max(1, among.length)];
          if (entry === undefined) continue;
          if (one.what === 'withdraw') {
            expect(queue.withdraw(entry)).toBe(true);
            waits.delete(entry);
          } else if (one.what === 'park') queue.park(entry);
          else {
            queue.end(entry, now);
            going.delete(entry);
          }
        }
        for (const entry of queue.started(now)) {
          expect(waits.delete(entry)).toBe(true);
          going.add(entry);
          const name = entry.split(':')[0] ?? '';
          used.set(name, (used.get(name) ?? 0) + 1);
        }
        const { running, parked, waiting } = queue.counts();
        expect([running + parked, waiting]).toEqual([going.size, waits.size]);
        expect(running).toBeLessThanOrEqual(slots);
        expect(parked).toBeLessThanOrEqual(LIMITS.parked);
        // Somebody who never had a slot waits only while there is no free one.
        const fresh = [...waits].some((entry) => !used.has(entry.split(':')[0] ?? ''));
        if (fresh) expect(running).toBe(slots);
      }
    }),
    { numRuns: 500 },
  );
});
