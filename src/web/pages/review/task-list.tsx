import type { ComponentChild } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { difficultyShown } from '../../kit/preferences.ts';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { useStore } from '../../kit/store.ts';
import type { Entry } from './entries.ts';
import { TaskLink } from './row.tsx';
import { usePrinting } from './use-printing.ts';
import type { Timeline } from './use-timeline.ts';
import { useVirtualRows } from './use-virtual-rows.ts';

/** Entries left below the window when the next page is fetched: two seconds of fast scrolling, and an exact count for most. */
const AHEAD = 300;

type MadeRow = { stamp: string; row: ComponentChild };

type TaskListProps = {
  timeline: Timeline;
  zone: string;
  /** Address of the page with the task's drawer open. */
  hrefOf(taskId: string): string;
};

/** The next task from an entry on, in steps of 1 or -1; the same one at the ends. */
function neighbour(entries: readonly Entry[], from: number, step: 1 | -1): number {
  for (let index = from + step; index >= 0 && index < entries.length; index += step) {
    if (entries[index]?.task !== null) return index;
  }
  return from;
}

/** The timeline: headings of days and the tasks below them, of which only those in sight are in the document. */
export function TaskList({ timeline: { entries, walked, stale, loadMore }, zone, hrefOf }: TaskListProps) {
  const list = useRef<HTMLOListElement>(null);
  const [active, setActive] = useState<number | null>(null);
  const focusWanted = useRef(false);
  const difficulty = useStore(difficultyShown) === 'shown';
  const printing = usePrinting();
  const reachable = active !== null && entries[active]?.task ? active : neighbour(entries, -1, 1);
  const rows = useVirtualRows(list, entries, reachable);
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const more = walked !== null && !walked.complete && !walked.loading && walked.error === null && !stale;
  // Only when everything is there is it known how many there are: -1 says so (ARIA 1.2, aria-setsize).
  const total = walked?.complete ? walked.tasks.length : -1;

  useEffect(() => {
    if (more && entries.length - last < AHEAD) loadMore();
  }, [more, entries.length, last, loadMore]);

  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    focusWanted.current = false;
    list.current?.querySelector<HTMLElement>(`[data-index="${reachable}"] a`)?.focus({ preventScroll: true });
  });

  // Keys can come faster than renderings: each one goes on from where the last one went.
  const now = useRef({ entries, reachable });
  now.current = { entries, reachable };
  const shortcuts = useMemo(() => {
    function goTo(index: number) {
      focusWanted.current = true;
      now.current.reachable = index;
      setActive(index);
      rows.scrollToIndex(index, { align: 'auto' });
    }
    const inList = () => list.current?.contains(document.activeElement) === true;
    const from = (start: 'here' | 'top' | 'end', by: 1 | -1) => () => {
      const { entries: all, reachable: here } = now.current;
      if (start === 'here') goTo(inList() ? neighbour(all, here, by) : here);
      else goTo(neighbour(all, start === 'top' ? -1 : all.length, by));
    };
    return [
      { keys: 'j', label: 'Next task', run: from('here', 1) },
      { keys: 'k', label: 'Task before', run: from('here', -1) },
      { keys: 'ArrowDown', label: 'Next task, from a task on', run: from('here', 1), when: inList },
      { keys: 'ArrowUp', label: 'Task before, from a task on', run: from('here', -1), when: inList },
      { keys: 'Home', label: 'First task, from a task on', run: from('top', 1), when: inList },
      { keys: 'End', label: 'Last task fetched so far, from a task on', run: from('end', -1), when: inList },
      {
        keys: 'Enter',
        label: 'Open the task; Escape closes it again',
        run: () => (document.activeElement as HTMLElement | null)?.click(),
        when: inList,
      },
    ];
  }, [rows]);
  useShortcuts('Tasks', shortcuts);

  /** Rows of the last rendering, by what they were made of: an unchanged one is not compared again. */
  const made = useMemo(() => ({ rows: new Map<string, MadeRow>() }), [difficulty, zone, hrefOf]);
  const kept = new Map<string, MadeRow>();
  function rowAt(index: number, start: number | null): ComponentChild {
    const entry = entries[index];
    if (entry === undefined) return null;
    const stamp = `${index} ${start} ${total} ${index === reachable}`;
    const before = made.rows.get(entry.key);
    const row = before?.stamp === stamp ? before.row : makeRow(entry, index, start);
    kept.set(entry.key, { stamp, row });
    return row;
  }
  function makeRow(entry: Entry, index: number, start: number | null): ComponentChild {
    const style = start === null ? {} : { transform: `translateY(${start}px)` };
    const place = { ref: rows.measureElement, style, 'data-index': index };
    if (entry.task === null) {
      return (
        <li key={entry.key} class="day" {...place}>
          <h2>
            <time dateTime={entry.day}>{entry.title}</time>
          </h2>
        </li>
      );
    }
    const { task, position } = entry;
    return (
      <li key={entry.key} class="task" aria-setsize={total} aria-posinset={position} {...place}>
        <TaskLink
          task={task}
          href={hrefOf(task.id)}
          zone={zone}
          difficulty={difficulty}
          reachable={index === reachable}
          onFocus={() => setActive(index)}
        />
      </li>
    );
  }
  const shown = printing
    ? entries.map((_, index) => rowAt(index, null))
    : visible.map(({ index, start }) => rowAt(index, start - rows.options.scrollMargin));
  made.rows = kept;

  return (
    <ol
      // biome-ignore lint/a11y/noRedundantRoles: Safari takes a list without bullets for none
      role="list"
      ref={list}
      class={`timeline${printing ? ' timeline-printed' : ''}${difficulty ? '' : ' timeline-plain'}`}
      aria-label="Tasks"
      aria-busy={stale}
      style={printing ? {} : { height: `${rows.getTotalSize()}px` }}
    >
      {shown}
    </ol>
  );
}
