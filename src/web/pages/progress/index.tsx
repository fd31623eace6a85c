import type { StudyPath } from '#contract/paths.ts';
import type { Progress } from '#contract/progress.ts';
import { useNewestPath } from '../../api/newest-path.ts';
import { useResource } from '../../api/resource.ts';
import { formatDuration, formatPercent } from '../../time/dates.ts';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ResourceView } from '../../ui/states.tsx';

function Figures({ path }: { path: StudyPath }) {
  const progress = useResource<Progress>(`/v1/study-paths/${path.id}/progress`);
  return (
    <ResourceView resource={progress}>
      {({ totals, practice }) => (
        <dl class="figures">
          <div class="card">
            <dt>Completed</dt>
            <dd>{totals.by_status.completed}</dd>
          </div>
          <div class="card">
            <dt>Right at the first try</dt>
            <dd>{formatPercent(totals.first_try.rate)}</dd>
          </div>
          <div class="card">
            <dt>Days in a row</dt>
            <dd>{practice.current_streak}</dd>
          </div>
          <div class="card">
            <dt>Time spent</dt>
            <dd>{formatDuration(totals.time_spent_seconds)}</dd>
          </div>
        </dl>
      )}
    </ResourceView>
  );
}

/** Figures of the newest path. */
export function ProgressPage() {
  const path = useNewestPath();
  return (
    <Page title="Progress" lead="What you have done, and what it shows.">
      <ResourceView resource={path}>
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
