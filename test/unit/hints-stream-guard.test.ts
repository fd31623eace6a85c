import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { guardStream } from '#worker/hints/stream-guard.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const LIMITS = { totalMs: 300_000, idleMs: 60_000 };

test('a stream that is heard lasts until its time in all is over', () => {
  const guard = guardStream(new AbortController().signal, LIMITS);
  for (let second = 0; second < 299; second += 1) {
    vi.advanceTimersByTime(1000);
    guard.heard();
  }
  expect([guard.signal.aborted, guard.cause()]).toEqual([false, null]);
  vi.advanceTimersByTime(1000);
  expect([guard.signal.aborted, guard.cause()]).toEqual([true, 'timeout']);
  expect(vi.getTimerCount()).toBe(0);
});

test('silence ends it earlier, and each byte begins the silence anew', () => {
  const guard = guardStream(new AbortController().signal, LIMITS);
  vi.advanceTimersByTime(59_999);
  guard.heard();
  vi.advanceTimersByTime(59_999);
  expect(guard.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect([guard.signal.aborted, guard.cause()]).toEqual([true, 'timeout']);
});

test('a client that leaves ends it at once, also one that had left before', () => {
  const client = new AbortController();
  const guard = guardStream(client.signal, LIMITS);
  client.abort();
  expect([guard.signal.aborted, guard.cause()]).toEqual([true, 'aborted']);
  vi.advanceTimersByTime(400_000);
  expect(guard.cause()).toBe('aborted');
  const late = guardStream(client.signal, LIMITS);
  expect([late.signal.aborted, late.cause()]).toEqual([true, 'aborted']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a stream that has ended is watched no more, and one that is stopped has no cause', () => {
  const client = new AbortController();
  const guard = guardStream(client.signal, LIMITS);
  guard.release();
  guard.heard();
  client.abort();
  vi.advanceTimersByTime(400_000);
  expect([guard.signal.aborted, guard.cause()]).toEqual([false, null]);
  const stopped = guardStream(new AbortController().signal, LIMITS);
  stopped.stop();
  expect([stopped.signal.aborted, stopped.cause()]).toEqual([true, null]);
  expect(vi.getTimerCount()).toBe(0);
});
