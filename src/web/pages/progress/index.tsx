import './progress.css';
import { useLocation } from 'preact-iso/router';
import { getProgress, listPaths } from '#client/path-calls.ts';
import type { StudyPath } from '#contract/paths.ts';
import type { Progress } from '#contract/progress.ts';
import { useResource } from '../../api/resource.ts';
import { formatDay, formatDuration, formatPercent } from '../../time/dates.ts';
import { calendarOfPath, learnerDay } from '../../time/learner-days.ts';
import { Select } from '../../ui/field.tsx';
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
      `of ${count(totals.first_try.n, 'problem')}`,
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

/** What the address of the page says: the path (null: the newest one), and the day whose reviews are listed. */
type Place = { path: string | null; due: string | null };

function addressOf({ path, due }: Place): string {
  const params = new URLSearchParams();
  if (path !== null) params.set('path', path);
  if (due !== null) params.set('due', due);
  const query = params.toString();
  return query === '' ? '/progress' : `/progress?${query}`;
}

/** Which path the figures are of. With a single path there is nothing to choose. */
function PathChoice({ paths, chosen, onChoose }: PathChoiceProps) {
  const calendar = calendarOfPath(paths[0]?.config);
  const options = paths.map((path, index) => ({
    value: path.id,
    label: `${index === 0 ? 'Current path' : 'Earlier path'}, begun ${formatDay(learnerDay(path.created_at, calendar))}`,
  }));
  return (
    <Select
      label="Path"
      hint="Tasks, modules and accuracy are of this path; days, streaks and reviews are yours over all paths."
      value={chosen}
      options={options}
      onChange={onChoose}
    />
  );
}

type PathChoiceProps = { paths: readonly StudyPath[]; chosen: string; onChoose(id: string): void };

function Figures({ path, place }: { path: StudyPath; place: Place }) {
  const resource = useResource(getProgress(path.id));
  return (
    <ResourceView resource={resource} lines={12}>
      {(progress) => (
        <div class="stack">
          <Headline progress={progress} />
          <Activity practice={progress.practice} />
          <ReviewForecast
            reviews={progress.reviews}
            chosen={place.due}
            hrefOf={(due) => addressOf({ ...place, due })}
          />
          <TrueRetention retention={progress.reviews.retention} />
          <Modules modules={progress.modules} />
          <Topics topics={progress.topics} />
          <p class="small muted">
            {`Your days begin at ${progress.day_start_hour}:00 in the time zone ${progress.time_zone}.`}
          </p>
        </div>
      )}
    </ResourceView>
  );
}

/** Figures of a path and of the learner: what was done, what it shows, what comes back. */
export function ProgressPage() {
  const { query, route } = useLocation();
  const place: Place = { path: query.path ?? null, due: query.due ?? null };
  const resource = useResource(listPaths({ limit: 50 }));
  return (
    <Page title="Progress" lead="What you have done, what it shows, and what comes back." wide>
      <ResourceView resource={resource} lines={12}>
        {({ data: paths }) => {
          const [newest] = paths;
          const path = place.path === null ? newest : paths.find(({ id }) => id === place.path);
          if (newest === undefined)
            return (
              <EmptyState title="Nothing to show yet">
                <p>
                  <a href="/">Start your path</a>, and its figures are here.
                </p>
              </EmptyState>
            );
          if (path === undefined)
            return (
              <EmptyState title="There is no such path">
                <p>
                  <a href="/progress">See your current path</a> instead.
                </p>
              </EmptyState>
            );
          const choose = (id: string) => route(addressOf({ ...place, path: id === newest.id ? null : id }));
          return (
            <div class="stack">
              {paths.length > 1 && <PathChoice paths={paths} chosen={path.id} onChoose={choose} />}
              <Figures key={path.id} path={path} place={place} />
            </div>
          );
        }}
      </ResourceView>
    </Page>
  );
}
