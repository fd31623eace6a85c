import './drawer.css';
import { getTask } from '#client/task-calls.ts';
import type { Task } from '#contract/tasks.ts';
import { useResource } from '../../api/resource.ts';
import { dateKey, formatDay, formatDuration, formatPercent, formatTime } from '../../time/dates.ts';
import { DifficultyBadge, KindBadge, StatusBadge } from '../../ui/badges.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { MODULE_NAMES } from '../../ui/names.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { EmptyState, FailureState, ResourceView } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { EventLog } from './event-log.tsx';
import { TABS, type Tab, UUID } from './filters.ts';
import { HintList } from './hint-list.tsx';
import { Statement } from './statement.tsx';
import { Submissions } from './submissions.tsx';
import { TestDetails } from './test-details.tsx';

export type DrawerProps = {
  /** Id of the task, as the address has it; null for a closed drawer. */
  task: string | null;
  tab: Tab;
  zone: string;
  /** Title as the list knows it. */
  title: string | null;
  onTab(tab: Tab): void;
  onClose(): void;
};

const LABELS: Record<Tab, string> = {
  statement: 'Statement',
  tests: 'Tests',
  submissions: 'Submissions',
  hints: 'Hints',
  log: 'Log',
};
const TAB_LIST = TABS.map((key) => ({ key, label: LABELS[key] }));

function Facts({ task, zone }: { task: Task; zone: string }) {
  const at = (iso: string) =>
    `${formatDay(dateKey(iso, zone), dateKey(Date.now(), zone))}, ${formatTime(iso, zone)}`;
  const facts: [name: string, value: string | null][] = [
    ['Scheduled', at(task.scheduled_at)],
    ['Started', task.started_at && at(task.started_at)],
    ['Completed', task.completed_at && at(task.completed_at)],
    ['Score', task.score === null ? null : formatPercent(task.score)],
    ['Attempts', task.attempts === 0 ? null : String(task.attempts)],
    ['Hints', task.hints_used === 0 ? null : String(task.hints_used)],
    ['Time', task.time_spent_seconds === null ? null : formatDuration(task.time_spent_seconds)],
  ];
  return (
    <dl class="task-facts">
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Unknown() {
  return (
    <EmptyState title="This task is not in your history">
      <p>The link may be mistyped, belong to somebody else, or the task has been erased.</p>
    </EmptyState>
  );
}

type PartsProps = { id: string; tab: Tab; zone: string; onTab(tab: Tab): void };

function Parts({ id, tab, zone, onTab }: PartsProps) {
  const detail = useResource(getTask(id));
  const { data, error, reload } = detail;
  if (data === undefined && error?.code === 'not-found') return <Unknown />;
  return (
    <>
      {data === undefined ? (
        error === null && <Skeleton lines={3} />
      ) : (
        <>
          <div class="badges">
            <StatusBadge task={data.task} />
            <DifficultyBadge difficulty={data.task.difficulty} />
            <KindBadge kind={data.task.kind} />
            <span class="muted small">{MODULE_NAMES[data.task.module]}</span>
            <a class="button button-plain drawer-practice" href={`/?task=${id}`}>
              Open in practice
            </a>
          </div>
          <Facts task={data.task} zone={zone} />
        </>
      )}
      <Tabs label="Parts of the task" tabs={TAB_LIST} selected={tab} onSelect={onTab}>
        {tab === 'log' && <EventLog id={id} zone={zone} />}
        {tab === 'hints' && <HintList id={id} zone={zone} />}
        {tab !== 'log' &&
          tab !== 'hints' &&
          (data === undefined && error !== null ? (
            <FailureState error={error} onRetry={reload} />
          ) : (
            <ResourceView resource={detail} lines={6}>
              {(task) => (
                <>
                  {tab === 'statement' && <Statement detail={task} onRetry={reload} />}
                  {tab === 'tests' && <TestDetails detail={task} zone={zone} />}
                  {tab === 'submissions' && <Submissions detail={task} zone={zone} />}
                </>
              )}
            </ResourceView>
          ))}
      </Tabs>
    </>
  );
}

/** All that is known of one task, part by part. */
export function TaskDrawer({ task, tab, zone, title, onTab, onClose }: DrawerProps) {
  return (
    <Dialog title={title ?? 'Task'} look="drawer" open={task !== null} onClose={onClose}>
      {task !== null &&
        (UUID.test(task) ? <Parts key={task} id={task} tab={tab} zone={zone} onTab={onTab} /> : <Unknown />)}
    </Dialog>
  );
}
