import type { Problem } from '#contract/problem-bank.ts';
import type { Task } from '#contract/tasks.ts';
import { browserZone, dayKey, formatDay } from '../../time/dates.ts';
import { DifficultyBadge, KindBadge, StatusBadge } from '../../ui/badges.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { play, skipForward, sparkles } from '../../ui/icons.ts';
import { MODULE_NAMES } from '../../ui/names.ts';
import type { Stopwatch } from './stopwatch.ts';
import { Timer } from './timer.tsx';

/** A later day that the task was planned for; null when it is today's or overdue. */
function plannedFor({ scheduled_at, status }: Task, now: number): string | null {
  if (status !== 'scheduled' || Date.parse(scheduled_at) <= now) return null;
  const [day, today] = [dayKey(scheduled_at, browserZone()), dayKey(now, browserZone())];
  return day > today ? `Planned for ${formatDay(day, today)}: you are ahead.` : null;
}

type TaskHeadProps = {
  task: Task;
  problem: Problem | null;
  watch: Stopwatch;
  starting: boolean;
  onStart(): void;
  onSkip(): void;
};

/** What kind of task it is and why it was chosen; its clock; start and skip. */
export function TaskHead({ task, problem, watch, starting, onStart, onSkip }: TaskHeadProps) {
  const { reason } = task.metadata;
  const planned = plannedFor(task, Date.now());
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
        {planned !== null && <p class="small muted">{planned}</p>}
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
          <Button look="quiet" icon={skipForward} onClick={onSkip}>
            Skip
          </Button>
        </div>
      )}
    </div>
  );
}
