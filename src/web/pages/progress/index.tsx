import './progress.css';
import type { StudyPath } from '#contract/paths.ts';
import type { Progress } from '#contract/progress.ts';
import { useNewestPath } from '../../api/newest-path.ts';
import { useResource } from '../../api/resource.ts';
import { formatDuration, formatPercent } from '../../time/dates.ts';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ResourceView } from '../../ui/states.tsx';
import { Activity } from './activity.tsx';
import { Modules, Topics } from './modules.tsx';
import { ReviewForecast, TrueRetention } from './reviews.tsx';
import { count } from './words.ts';

function Headline({ progress: { totals, practice } }: { progress: Progress }) {
  const { completed, scheduled, in_progress } = totals.by_status;
  const figures = [
    ['Completed', completed, `${scheduled + in_progress} still to do`],
    [
      'Right at the first try',
      formatPercent(totals.first_try.rate),
      `of ${count(totals.first_try.n, 'task')}`,
    ],
    ['Solved in the end', formatPercent(totals.eventual.rate), count(totals.hints_used, 'hint')],
    ['Days in a row', practice.current_streak, `${practice.longest_streak} at best`],
    ['Time spent', formatDuration(totals.time_spent_seconds), count(practice.days, 'day')],
  ] as const;
  return (
    <dl class="figures">
      {figures.map(([name, value, note]) => (
        <div class="card" key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          <dd class="figure-note">{note}</dd>
        </div>
      ))}
    </dl>
  );
}

function Figures({ path }: { path: StudyPath }) {
  const resource = useResource<Progress>(`/v1/study-paths/${path.id}/progress`);
  return (
    <ResourceView resource={resource} lines={12}>
      {(progress) => (
        <div class="stack">
          <Headline progress={progress} />
          <Activity practice={progress.practice} />
          <ReviewForecast reviews={progress.reviews} />
          <TrueRetention retention={progress.reviews.retention} />
          <Modules modules={progress.modules} />
          <Topics topics={progress.topics} />
          <p class="small muted">{`Days are counted in the time zone ${progress.time_zone}.`}</p>
        </div>
      )}
    </ResourceView>
  );
}

/** Figures of the newest path: what was done, what it shows, what comes back. */
export function ProgressPage() {
  const path = useNewestPath();
  return (
    <Page title="Progress" lead="What you have done, what it shows, and what comes back." wide>
      <ResourceView resource={path} lines={12}>
        {(newest) =>
          newest === null ? (
            <EmptyState title="Nothing to show yet">
              <p>
                <a href="/">Start your path</a>, and its figures are here.
              </p>
            </EmptyState>
          ) : (
            <Figures path={newest} />
          )
        }
      </ResourceView>
    </Page>
  );
}
