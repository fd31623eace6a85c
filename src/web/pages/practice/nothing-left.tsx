import type { DueReview, DueReviewPage } from '#contract/reviews.ts';
import { useResource } from '../../api/resource.ts';
import { browserZone, dayKey, formatDay, formatRelative } from '../../time/dates.ts';
import { EmptyState } from '../../ui/states.tsx';

function reviewText({ problem, problem_id, planned_at, due_at }: DueReview, zone: string): string {
  const at = planned_at ?? due_at;
  const day = formatDay(dayKey(at, zone), dayKey(Date.now(), zone));
  return `Your next review is “${problem?.title ?? problem_id}” on ${day}, ${formatRelative(at, Date.now())}.`;
}

/** Nothing is scheduled: says when the next review comes. */
export function NothingLeft({ zone = browserZone() }: { zone?: string }) {
  const due = useResource<DueReviewPage>('/v1/study-tasks/review-due?within=90d&limit=1');
  const next = due.data?.data[0];
  return (
    <EmptyState title="Nothing is left to do">
      <p>
        {next === undefined
          ? 'You have done everything that was planned. New tasks come as reviews fall due.'
          : reviewText(next, zone)}
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
