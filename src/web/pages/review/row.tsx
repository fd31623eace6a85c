import type { ListedTask } from '#contract/history.ts';
import type { Difficulty } from '#contract/vocabulary.ts';
import { formatPercent, formatTime } from '../../time/dates.ts';
import { StatusBadge } from '../../ui/badges.tsx';
import { attemptsOf, DIFFICULTY_NAMES, KIND_NAMES, MODULE_NAMES } from '../../ui/names.ts';
import { SpriteIcon } from '../../ui/sprite.tsx';

const BARS = [1, 2, 3, 4, 5];
const bars = (which: readonly number[]) =>
  which.map((bar) => `M${bar * 4 - 3} 13v${-(bar * 2.4 + 0.6)}`).join('');

/** As `DifficultyBadge`, of two lines instead of five boxes: a list has many of them. */
function DifficultyMark({ difficulty }: { difficulty: Difficulty }) {
  return (
    <span class="task-difficulty">
      <svg width={20} height={14} viewBox="0 0 20 14" aria-hidden="true">
        <path d={bars(BARS.slice(0, difficulty))} />
        <path class="bar-off" d={bars(BARS.slice(difficulty))} />
      </svg>
      {DIFFICULTY_NAMES[difficulty] ?? `Difficulty ${difficulty}`}
    </span>
  );
}

/** What the score and the number of attempts are, in words; empty for what has neither. */
function resultOf(task: ListedTask): string {
  const { attempts, uncompiled } = attemptsOf(task);
  const tried = attempts === 0 ? '' : attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const failed = uncompiled === 0 ? '' : `${uncompiled} did not compile`;
  const score = task.score === null ? '' : `Score ${formatPercent(task.score)}`;
  return [score, tried, failed].filter(Boolean).join(' · ');
}

type TaskLinkProps = {
  task: ListedTask;
  href: string;
  zone: string;
  difficulty: boolean;
  /** Whether Tab leads here; the other rows are reached by arrows. */
  reachable: boolean;
  onFocus(): void;
};

/** A task in one line: all of it is the link that opens its drawer. */
export function TaskLink({ task, href, zone, difficulty, reachable, onFocus }: TaskLinkProps) {
  return (
    <a class="task-link" href={href} tabIndex={reachable ? 0 : -1} onFocus={onFocus}>
      <span class="task-title">{task.title ?? task.problem_id}</span>
      <span class="task-module">{MODULE_NAMES[task.module]}</span>
      <span class="task-status">
        <StatusBadge task={task} />
      </span>
      {difficulty && <DifficultyMark difficulty={task.difficulty} />}
      <span class="task-kind">
        <SpriteIcon name={task.kind} size={16} />
        {KIND_NAMES[task.kind]}
      </span>
      <span class="task-result">{resultOf(task)}</span>
      <time class="task-time" dateTime={task.scheduled_at}>
        {formatTime(task.scheduled_at, zone)}
      </time>
    </a>
  );
}
