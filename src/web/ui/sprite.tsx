import { h } from 'preact';
import type { TaskKind, TaskStatus } from '#contract/vocabulary.ts';
import type { IconShapes } from './icon.tsx';
import {
  bookOpen,
  circle,
  circleCheck,
  circleDot,
  circleX,
  clockAlert,
  code,
  rotateCcw,
  skipForward,
} from './icons.ts';

/** `solved` and `attempted` tell the two ends of a completed task apart. */
export type SpriteName = Exclude<TaskStatus, 'completed'> | 'solved' | 'attempted' | TaskKind;

const SHAPES: Record<SpriteName, IconShapes> = {
  scheduled: circle,
  in_progress: circleDot,
  solved: circleCheck,
  attempted: circleX,
  skipped: skipForward,
  expired: clockAlert,
  problem: code,
  review: rotateCcw,
  lesson: bookOpen,
};

/** Icons of lists, drawn once per page; `SpriteIcon` shows one of them at half the cost of an `Icon`. */
export function Sprite() {
  return (
    <svg class="sprite" aria-hidden="true">
      {Object.entries(SHAPES).map(([name, shapes]) => (
        <symbol key={name} id={`icon-${name}`} viewBox="0 0 24 24">
          {shapes.map(([tag, attributes]) => h(tag, attributes))}
        </symbol>
      ))}
    </svg>
  );
}

export function SpriteIcon({ name, size = 18 }: { name: SpriteName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  );
}
