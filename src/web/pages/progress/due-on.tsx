import { useEffect, useState } from 'preact/hooks';
import { isStudyPathsError } from '#client/errors.ts';
import { rowsOf } from '#client/pages.ts';
import { listDueReviews } from '#client/review-calls.ts';
import type { ListDueReviewsQuery } from '#client/types.ts';
import type { DueReview } from '#contract/reviews.ts';
import { daysBetween } from '#domain/calendar.ts';
import { send } from '../../api/client.ts';
import { formatDay } from '../../time/dates.ts';
import { formatRelativeDay } from '../../time/learner-days.ts';
import { MODULE_NAMES } from '../../ui/names.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { count } from './words.ts';

type Found = { reviews: DueReview[] | null; error: string | null };

/** What falls due on a day and has no task yet, as its bar counts it: overdue reviews are today's. */
async function dueOn(day: string, today: string): Promise<DueReview[]> {
  const within = Math.max(0, daysBetween(today, day));
  const found: DueReview[] = [];
  const pages = (query: ListDueReviewsQuery) => send(listDueReviews(query));
  for await (const review of rowsOf(pages, { within: `${within}d`, limit: 200 })) {
    const { due_on, task } = review;
    if (task === null && Math.max(0, daysBetween(today, due_on)) === within) found.push(review);
  }
  return found;
}

type DueOnProps = { day: string; today: string; closeHref: string };

/** The problems behind a bar of the forecast. */
export function DueOn({ day, today, closeHref }: DueOnProps) {
  const [{ reviews, error }, setFound] = useState<Found>({ reviews: null, error: null });
  useEffect(() => {
    let wanted = true;
    dueOn(day, today).then(
      (list) => wanted && setFound({ reviews: list, error: null }),
      (reason: unknown) => {
        if (!isStudyPathsError(reason)) throw reason;
        if (wanted) setFound({ reviews: null, error: reason.message });
      },
    );
    return () => {
      wanted = false;
    };
  }, [day, today]);
  return (
    <section class="stack" aria-labelledby="due-on">
      <div class="section-head">
        <h3 id="due-on">{`Due on ${formatDay(day, today)}, ${formatRelativeDay(day, today)}`}</h3>
        <a href={closeHref}>Hide the list</a>
      </div>
      {error !== null && <p role="alert">{error}</p>}
      {error === null && reviews === null && <Skeleton lines={3} label="Fetching the reviews of this day" />}
      {reviews !== null && (
        <>
          <p class="muted small">{count(reviews.length, 'review')}</p>
          <ul class="rows">
            {reviews.map(({ problem_id, problem, module }) => (
              <li class="row" key={problem_id}>
                <strong>{problem?.title ?? problem_id}</strong>
                <span class="muted">{MODULE_NAMES[module]}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
