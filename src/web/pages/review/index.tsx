import './review.css';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { ListTasksQuery } from '#client/types.ts';
import { useNewestPath } from '../../api/newest-path.ts';
import { announce } from '../../kit/announce.ts';
import { calendarOfPath } from '../../time/learner-days.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { EmptyState, ErrorState, FailureState } from '../../ui/states.tsx';
import { DrawerLoader } from './drawer-loader.tsx';
import { ExportMenu } from './export-menu.tsx';
import { FilterBar } from './filter-bar.tsx';
import { addressOf, type Filters, isFiltered, queryOf, readPlace, type Tab } from './filters.ts';
import { useCode } from './use-code.ts';
import { type Timeline, useTimeline } from './use-timeline.ts';

const fetchList = () => import('./task-list.tsx');
// On its way while the first tasks are: the list waits for both anyway.
void fetchList().catch(() => undefined);

const NO_FILTERS = readPlace('/review').filters;

/** How many tasks the list has, as far as is known. */
function countText({ walked }: Timeline): string {
  if (walked === null) return '';
  const { complete, tasks } = walked;
  if (!complete && tasks.length === 0) return '';
  if (!complete) return `More than ${tasks.length} tasks`;
  return tasks.length === 1 ? '1 task' : `${tasks.length === 0 ? 'No' : tasks.length} tasks`;
}

/** Says how many tasks a filter leaves, once its first page is there; the first list of a visit speaks for itself. */
function useAnnouncedCount(timeline: Timeline): void {
  const said = useRef<ListTasksQuery | null>(null);
  const query = timeline.walked?.query;
  useEffect(() => {
    if (query === undefined || timeline.walked?.error) return;
    if (said.current !== null && said.current !== query) announce(countText(timeline));
    said.current = query;
  }, [query]);
}

function Content({ timeline, zone, filters, onReset, hrefOf }: ContentProps) {
  const { walked, entries, loadMore } = timeline;
  const code = useCode(fetchList, true);
  if (walked === null || (entries.length === 0 && walked.tasks.length > 0)) return <Skeleton lines={8} />;
  const { tasks, error, loading } = walked;
  if (tasks.length === 0 && error !== null) return <FailureState error={error} onRetry={loadMore} />;
  if (tasks.length === 0 && loading) return <Skeleton lines={8} />;
  if (tasks.length === 0) {
    return isFiltered(filters) ? (
      <EmptyState title="Nothing fits these filters">
        <Button onClick={onReset}>Reset the filters</Button>
      </EmptyState>
    ) : (
      <EmptyState title="No tasks yet">
        <p>
          <a href="/">Start practising</a>, and what you do is listed here.
        </p>
      </EmptyState>
    );
  }
  if (code === null) return <Skeleton lines={8} />;
  if (code === 'failed') {
    return (
      <ErrorState
        title="The list could not be loaded"
        detail="You may be offline, or a newer version has been published since you opened the app."
        onRetry={() => window.location.reload()}
        retryLabel="Reload"
      />
    );
  }
  return (
    <>
      <code.TaskList timeline={timeline} zone={zone} hrefOf={hrefOf} />
      {error !== null && (
        <p class="note note-warn" role="status">
          <span>{`The tasks before that could not be fetched. ${error.message}`}</span>
          <Button look="quiet" onClick={loadMore}>
            Try again
          </Button>
        </p>
      )}
      {!walked.complete && error === null && (
        // Keyed, or the skeleton that stood in for the list would move here: a shift of the whole layout.
        <Skeleton key="more" lines={2} label="Fetching more tasks" />
      )}
    </>
  );
}

type ContentProps = {
  timeline: Timeline;
  zone: string;
  filters: Filters;
  onReset(): void;
  hrefOf(taskId: string): string;
};

/** Everything the learner was given, day by day, with what became of it. The address holds all of its state. */
export function ReviewPage() {
  const { url, route } = useLocation();
  const { filters, task, tab } = useMemo(() => readPlace(url), [url]);
  const newest = useNewestPath();
  const calendarKnown = newest.data !== undefined || newest.error !== null;
  const config = newest.data?.config;
  const calendar = useMemo(() => calendarOfPath(config), [config?.time_zone, config?.day_start_hour]);
  const zone = calendar.time_zone;
  // Days become instants by the calendar; without them the list need not wait for it.
  const undated = filters.from === null && filters.to === null;
  const query = calendarKnown || undated ? queryOf(filters, calendar) : null;
  const timeline = useTimeline(query, calendarKnown ? calendar : null);
  useAnnouncedCount(timeline);

  const change = (part: Partial<Filters>, again = false) => route(addressOf({ ...filters, ...part }), again);
  const reset = () => change({ ...NO_FILTERS, order: filters.order });
  const list = addressOf(filters);
  const hrefOf = useMemo(() => {
    const shown = readPlace(list).filters;
    return (taskId: string) => addressOf(shown, taskId);
  }, [list]);

  // Closing goes back over the step that has opened the drawer; a deep link has no such step.
  const before = useRef<string | null>(null);
  const opened = useRef(false);
  if (task === null) opened.current = false;
  else if (before.current === list) opened.current = true;
  before.current = task === null ? list : before.current;
  const close = () => {
    if (task === null) return;
    if (opened.current) window.history.back();
    else route(list, true);
  };

  return (
    <Page
      title="Review"
      lead="Every task you were given, day by day."
      actions={<ExportMenu query={queryOf(filters, calendar)} />}
      wide
    >
      <FilterBar filters={filters} topics={timeline.walked?.topics ?? []} onChange={change} />
      <div class="count">
        <p class="muted">{timeline.stale ? 'Filtering …' : countText(timeline)}</p>
        {isFiltered(filters) && (
          <Button look="quiet" onClick={reset}>
            Reset the filters
          </Button>
        )}
      </div>
      <Content timeline={timeline} zone={zone} filters={filters} onReset={reset} hrefOf={hrefOf} />
      <DrawerLoader
        task={task}
        tab={tab}
        zone={zone}
        title={timeline.walked?.tasks.find(({ id }) => id === task)?.title ?? null}
        onTab={(next: Tab) => route(addressOf(filters, task, next), true)}
        onClose={close}
      />
    </Page>
  );
}
