import type { AnyStudyPathsError } from '#client/errors.ts';
import { listTasks } from '#client/task-calls.ts';
import type { ListTasksQuery } from '#client/types.ts';
import type { ListedTask, TaskPage } from '#contract/history.ts';
import { failureOf, send } from '../../api/client.ts';

/** A list as far as it has been fetched. */
export type Walked = {
  /** The query that it answers. */
  query: ListTasksQuery;
  tasks: readonly ListedTask[];
  /** Topic tags of these tasks, sorted. */
  topics: readonly string[];
  complete: boolean;
  loading: boolean;
  error: AnyStudyPathsError | null;
};

/** Rows of the first page, which shall be there soon, and of those behind it. */
const FIRST = 50;
const NEXT = 200;

export type Walk = { loadMore(): void; stop(): void };

/** Fetches a list page by page, each when it is asked for; after a failure the same page again. */
export function startWalk(query: ListTasksQuery, onChange: (walked: Walked) => void): Walk {
  const leaving = new AbortController();
  const known = new Set<string>();
  const tags = new Set<string>();
  let cursor: string | null = null;
  let walked: Walked = { query, tasks: [], topics: [], complete: false, loading: false, error: null };

  function change(part: Partial<Walked>) {
    walked = { ...walked, ...part };
    onChange(walked);
  }

  function take({ data, next_cursor }: TaskPage) {
    // A task that is moved to another time while its list is walked can be met twice.
    const fresh = data.filter(({ id }) => !known.has(id));
    for (const { id, topic_tags } of fresh) {
      known.add(id);
      for (const tag of topic_tags) tags.add(tag);
    }
    cursor = next_cursor;
    const topics = tags.size === walked.topics.length ? walked.topics : [...tags].toSorted();
    const tasks = [...walked.tasks, ...fresh];
    change({ tasks, topics, complete: cursor === null, loading: false, error: null });
  }

  async function fetchPage() {
    const page = cursor === null ? { limit: FIRST } : { limit: NEXT, cursor };
    try {
      take(await send(listTasks({ ...query, ...page }), { signal: leaving.signal }));
    } catch (error) {
      if (leaving.signal.aborted) return;
      change({ loading: false, error: failureOf(error) });
    }
  }

  return {
    loadMore() {
      if (walked.loading || walked.complete) return;
      change({ loading: true });
      void fetchPage();
    },
    stop: () => leaving.abort(),
  };
}
