import type { Difficulty, TaskKind, TaskStatus } from '#contract/vocabulary.ts';
import { difficultyShown } from '../kit/preferences.ts';
import { useStore } from '../kit/store.ts';
import { DIFFICULTY_NAMES, KIND_NAMES, OUTCOME_NAMES, type Outcome, outcomeOf } from './names.ts';
import { SpriteIcon } from './sprite.tsx';

const TONES: Record<Outcome, 'good' | 'bad' | 'warn' | 'info' | 'plain'> = {
  scheduled: 'plain',
  in_progress: 'info',
  solved: 'good',
  attempted: 'warn',
  skipped: 'plain',
  expired: 'bad',
};

/** What became of a task, as an icon with its word; colour only repeats them. */
export function StatusBadge({ task }: { task: { status: TaskStatus; score: number | null } }) {
  const outcome = outcomeOf(task);
  return (
    <span class={`badge badge-${TONES[outcome]}`}>
      <SpriteIcon name={outcome} size={16} />
      {OUTCOME_NAMES[outcome]}
    </span>
  );
}

export function KindBadge({ kind }: { kind: TaskKind }) {
  return (
    <span class="badge badge-plain">
      <SpriteIcon name={kind} size={16} />
      {KIND_NAMES[kind]}
    </span>
  );
}

const BARS = [1, 2, 3, 4, 5] as const;

/** Five bars and a word; nothing at all while the learner has difficulties hidden. */
export function DifficultyBadge({ difficulty }: { difficulty: Difficulty }) {
  if (useStore(difficultyShown) === 'hidden') return null;
  return (
    <span class="badge badge-plain">
      <svg class="bars" width={18} height={14} viewBox="0 0 18 14" aria-hidden="true">
        {BARS.map((bar) => (
          <rect
            key={bar}
            class={bar <= difficulty ? 'bar-on' : 'bar-off'}
            x={(bar - 1) * 4}
            y={12 - bar * 2.4}
            width={2.6}
            height={bar * 2.4 + 1}
            rx={1}
          />
        ))}
      </svg>
      {DIFFICULTY_NAMES[difficulty] ?? `Difficulty ${difficulty}`}
    </span>
  );
}
