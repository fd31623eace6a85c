import type { ComponentChildren } from 'preact';
import type { TaskEvent } from '#contract/events.ts';
import type { Task } from '#contract/tasks.ts';
import { type CalendarRule, dueDayOf } from '#domain/calendar.ts';
import { difficultyShown } from '../../kit/preferences.ts';
import { useStore } from '../../kit/store.ts';
import { formatDay, formatDuration, formatPercent } from '../../time/dates.ts';
import { calendarOfPath, formatRelativeDay, learnerDay } from '../../time/learner-days.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { arrowRight, circleCheck, circleX } from '../../ui/icons.ts';
import { attemptsOf, MODULE_NAMES, topicName } from '../../ui/names.ts';
import { GRADES, GradeChoice } from './grade-choice.tsx';

type OfType<T extends TaskEvent['event_type']> = Extract<TaskEvent, { event_type: T }>;

function newest<T extends TaskEvent['event_type']>(
  events: readonly TaskEvent[],
  type: T,
): OfType<T> | undefined {
  return events.findLast((event): event is OfType<T> => event.event_type === type);
}

/** The review of the task that counts; none when the newest one was undone. */
function countedReview(events: readonly TaskEvent[]): OfType<'graded'> | undefined {
  const last = events.findLast(({ event_type }) => event_type === 'graded' || event_type === 'grade_undone');
  return last?.event_type === 'graded' ? last : undefined;
}

function Figure({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

type ReviewProps = { graded: OfType<'graded'>; config: CalendarRule | undefined };

function Review({ graded, config }: ReviewProps) {
  const due = dueDayOf(graded.payload);
  const today = learnerDay(Date.now(), calendarOfPath(config));
  return (
    <li>
      {'Comes back for review on '}
      <strong>{formatDay(due, today)}</strong>
      {` (${formatRelativeDay(due, today)}), graded ${GRADES[graded.payload.grade]}.`}
    </li>
  );
}

function signed(points: number): string {
  return points < 0 ? `\u2212${Math.abs(points)}` : `+${points}`;
}

function Mastery({ events }: { events: readonly TaskEvent[] }) {
  const changed = newest(events, 'mastery_changed');
  return changed?.payload.changes.map(({ topic, rating, rating_before }) => (
    <li key={topic}>
      {`Mastery of ${topicName(topic).toLowerCase()}: `}
      <strong>{Math.round(rating)}</strong>
      {rating_before === null ? ', its first figure.' : ` (${signed(Math.round(rating - rating_before))}).`}
    </li>
  ));
}

function Level({ events }: { events: readonly TaskEvent[] }) {
  const changed = newest(events, 'difficulty_changed');
  if (useStore(difficultyShown) === 'hidden' || changed === undefined) return null;
  const { module, from, to } = changed.payload;
  return (
    <li>{`${MODULE_NAMES[module]} becomes ${to > from ? 'harder' : 'easier'}: difficulty ${from} to ${to}.`}</li>
  );
}

type SummaryProps = {
  task: Task;
  /** Newest events of the task; empty until they are fetched. */
  events: readonly TaskEvent[];
  onGraded?(task: Task): void;
  /** Of the newest path: its calendar is the learner's. */
  config: CalendarRule | undefined;
  nextBusy: boolean;
  onNext(): void;
};

/** What came out of a completed task, and the way on. */
export function Summary({ task, events, onGraded, config, nextBusy, onNext }: SummaryProps) {
  const { score, hints_used, time_spent_seconds, metadata } = task;
  const { attempts, uncompiled } = attemptsOf(task);
  const solved = score === null || score === 1;
  const graded = countedReview(events);
  const first = typeof metadata.first_score === 'number' ? metadata.first_score : null;
  return (
    <section class={`card stack summary summary-${solved ? 'good' : 'warn'}`} aria-labelledby="summary-title">
      <header class="summary-head">
        <Icon of={solved ? circleCheck : circleX} size={28} />
        <h2 id="summary-title">{titleOf(task)}</h2>
        <Button look="primary" icon={arrowRight} busy={nextBusy} onClick={onNext}>
          Next task
        </Button>
      </header>
      {score !== null && (
        <dl class="figures">
          <Figure name="Score">{formatPercent(score)}</Figure>
          {first !== null && first !== score && <Figure name="First score">{formatPercent(first)}</Figure>}
          {time_spent_seconds !== null && <Figure name="Time">{formatDuration(time_spent_seconds)}</Figure>}
          <Figure name={attempts === 1 ? 'Attempt' : 'Attempts'}>{attempts}</Figure>
          {uncompiled > 0 && <Figure name="Did not compile">{uncompiled}</Figure>}
          <Figure name={hints_used === 1 ? 'Hint' : 'Hints'}>{hints_used}</Figure>
        </dl>
      )}
      <ul class="facts">
        {graded !== undefined && <Review graded={graded} config={config} />}
        <Mastery events={events} />
        <Level events={events} />
      </ul>
      {graded !== undefined && onGraded !== undefined && (
        <GradeChoice
          taskId={task.id}
          grade={graded.payload.grade}
          own={graded.payload.source === 'learner'}
          onGraded={onGraded}
        />
      )}
      {!solved && (
        <p class="small muted">
          You may go on: further attempts are kept, and the first score stays what it is.
        </p>
      )}
    </section>
  );
}

function titleOf({ score, kind }: Task): string {
  if (score === null) return kind === 'lesson' ? 'Lesson done' : 'Done';
  if (score === 1) return 'Solved';
  return score === 0 ? 'Not solved yet' : 'Partly solved';
}
