import type { Problem } from '#contract/problem-bank.ts';
import type { Task } from '#contract/tasks.ts';
import type { CalendarRule } from '#domain/calendar.ts';
import { lazyDialog } from '../../kit/lazy.tsx';
import { DifficultyBadge, KindBadge, StatusBadge } from '../../ui/badges.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { archive, play, skipForward, sparkles } from '../../ui/icons.ts';
import { MODULE_NAMES } from '../../ui/names.ts';
import type { Stopwatch } from './stopwatch.ts';
import { Timer } from './timer.tsx';

const Planned = lazyDialog(() => import('./afterwards.ts').then((parts) => parts.Planned));

type TaskHeadProps = {
  task: Task;
  problem: Problem | null;
  watch: Stopwatch;
  /** Of the newest path: its calendar is the learner's. */
  config: CalendarRule | undefined;
  starting: boolean;
  onStart(): void;
  onSkip(): void;
  settingAside: boolean;
  /** Ends a task that has a result without solving it. */
  onSetAside(): void;
};

/** What kind of task it is and why it was chosen; its clock; start and skip. */
export function TaskHead({
  task,
  problem,
  watch,
  config,
  starting,
  onStart,
  onSkip,
  settingAside,
  onSetAside,
}: TaskHeadProps) {
  const { reason } = task.metadata;
  const ahead = task.status === 'scheduled' && Date.parse(task.scheduled_at) > Date.now();
  const canSetAside = task.status === 'in_progress' && task.score !== null && task.pending_evaluations === 0;
  const open = task.status === 'scheduled' || task.status === 'in_progress';
  return (
    <div class="task-head">
      <div class="stack-tight">
        <p class="badges">
          <StatusBadge task={task} />
          <KindBadge kind={task.kind} />
          <span class="badge badge-plain">{MODULE_NAMES[task.module]}</span>
          <DifficultyBadge difficulty={task.difficulty} />
        </p>
        {typeof reason === 'string' && (
          <p class="why">
            <Icon of={sparkles} size={18} />
            <span>
              <span class="hidden">Why this one: </span>
              {reason}
            </span>
          </p>
        )}
        {ahead && <Planned at={task.scheduled_at} config={config} />}
      </div>
      {open && (
        <div class="actions">
          {task.status === 'in_progress' ? (
            <Timer watch={watch} expectedMinutes={problem?.expected_minutes ?? null} />
          ) : (
            <Button icon={play} busy={starting} onClick={onStart}>
              Start
            </Button>
          )}
          {canSetAside ? (
            <Button look="quiet" icon={archive} busy={settingAside} onClick={onSetAside}>
              Set aside
            </Button>
          ) : (
            <Button look="quiet" icon={skipForward} onClick={onSkip}>
              Skip
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
