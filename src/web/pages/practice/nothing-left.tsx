import { listDueReviews } from '#client/review-calls.ts';
import type { DueReview } from '#contract/reviews.ts';
import type { CalendarRule } from '#domain/calendar.ts';
import { useResource } from '../../api/resource.ts';
import { formatDay } from '../../time/dates.ts';
import { calendarOfPath, formatRelativeDay, learnerDay } from '../../time/learner-days.ts';
import { EmptyState } from '../../ui/states.tsx';

function reviewText({ problem, problem_id, planned_at, due_on }: DueReview, calendar: CalendarRule): string {
  const day = planned_at === null ? due_on : learnerDay(planned_at, calendar);
  const today = learnerDay(Date.now(), calendar);
  const title = problem?.title ?? problem_id;
  return `Your next review is “${title}” on ${formatDay(day, today)}, ${formatRelativeDay(day, today)}.`;
}

/** Nothing is scheduled: says when the next review comes. */
export function NothingLeft({ config }: { config: CalendarRule }) {
  const due = useResource(listDueReviews({ within: '90d', limit: 1 }));
  const next = due.data?.data[0];
  return (
    <EmptyState title="Nothing is left to do">
      <p>
        {next === undefined
          ? 'You have done everything that was planned. New tasks come as reviews fall due.'
          : reviewText(next, calendarOfPath(config))}
      </p>
      <div class="actions">
        <a class="button button-plain" href="/review">
          Look back
        </a>
        <a class="button button-quiet" href="/progress">
          See your progress
        </a>
      </div>
    </EmptyState>
  );
}
