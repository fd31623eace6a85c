import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ListTasksQuery } from '#client/types.ts';
import type { CalendarRule } from '#domain/calendar.ts';
import { online } from '../../kit/online.ts';
import { createEntries, type Entry } from './entries.ts';
import { startWalk, type Walk, type Walked } from './walk.ts';

export type Timeline = {
  entries: readonly Entry[];
  /** Null until the first page is there, or has failed. */
  walked: Walked | null;
  /** True while what is shown answers an earlier query. */
  stale: boolean;
  /** Fetches the next page, or the one that failed. */
  loadMore(): void;
};

/** The same object for as long as its content is the same: what depends on it runs when the content changes. */
function useSame<T>(value: T): T {
  const kept = useRef(value);
  if (JSON.stringify(value) !== JSON.stringify(kept.current)) kept.current = value;
  return kept.current;
}

/**
 * The tasks that a query of the API means, grouped by the learner's days. A new query leaves the old list in place
 * until it is answered. Null for the query or the calendar: it is not known yet.
 */
export function useTimeline(asked: ListTasksQuery | null, calendar: CalendarRule | null): Timeline {
  const query = useSame(asked);
  const [walked, setWalked] = useState<Walked | null>(null);
  const walk = useRef<Walk | null>(null);
  const failed = useRef(false);
  failed.current = walked?.error?.code === 'network';

  useEffect(() => {
    if (query === null) return;
    const started = startWalk(query, (next) => {
      const waiting = next.tasks.length === 0 && next.loading;
      setWalked((last) => (waiting && last !== null ? last : next));
    });
    walk.current = started;
    started.loadMore();
    return () => started.stop();
  }, [query]);

  useEffect(
    () =>
      online.subscribe(() => {
        if (online.get() && failed.current) walk.current?.loadMore();
      }),
    [],
  );

  const shown = walked?.query;
  const build = useMemo(
    () => (calendar === null || shown === undefined ? null : createEntries(calendar, Date.now())),
    [calendar, shown],
  );
  const tasks = walked?.tasks;
  const entries = useMemo(() => build?.(tasks ?? []) ?? [], [build, tasks]);
  const loadMore = useCallback(() => walk.current?.loadMore(), []);
  return { entries, walked, stale: walked !== null && walked.query !== query, loadMore };
}
