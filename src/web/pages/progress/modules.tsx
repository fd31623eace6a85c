import type { ModuleProgress, TopicProgress } from '#contract/progress.ts';
import { formatDuration, formatPercent } from '../../time/dates.ts';
import { MODULE_NAMES, topicName } from '../../ui/names.ts';
import { accuracyText, LEVEL_NAMES, REASON_TEXTS } from './words.ts';

type Mastery = ModuleProgress['mastery'];

function MasteryCell({ mastery: { level, rating, n, reason } }: { mastery: Mastery }) {
  return (
    <>
      <span class={`level level-${level}`}>{LEVEL_NAMES[level]}</span>
      {rating !== null && (
        <span class="small muted">
          {` ${Math.round(rating)} after ${n}${reason === null ? '' : `, last: ${REASON_TEXTS[reason]}`}`}
        </span>
      )}
    </>
  );
}

/** How much of the bank's problems of a module is solved, as a bar and as words; what was only tried is apart. */
function Completion({ module }: { module: ModuleProgress }) {
  const { problems_solved: solved, problems_attempted: attempted } = module;
  const { module_size: size, completion_rate: rate } = module;
  const tried = attempted === 0 ? '' : `, ${attempted} attempted`;
  if (size === null || rate === null) return <>{`${solved} solved${tried}`}</>;
  return (
    <div class="completion">
      <span class="meter" aria-hidden="true">
        <span class="meter-fill" style={{ width: `${Math.max(rate * 100, solved > 0 ? 2 : 0)}%` }} />
      </span>
      <span class="small">{`${solved} of ${size} (${formatPercent(rate)})${tried}`}</span>
    </div>
  );
}

/** All modules in teaching order. */
export function Modules({ modules }: { modules: readonly ModuleProgress[] }) {
  return (
    <section class="card stack" aria-labelledby="modules">
      <h2 id="modules">Modules</h2>
      <table class="cards-when-narrow">
        <thead>
          <tr>
            <th scope="col">Module</th>
            <th scope="col">Problems solved</th>
            <th scope="col">First try</th>
            <th scope="col">In the end</th>
            <th scope="col">Mastery</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          {modules.map((module) => (
            <tr key={module.module} class={module.tasks === 0 ? 'untouched' : undefined}>
              <th scope="row">
                <a href={`/review?module=${module.module}`}>{MODULE_NAMES[module.module]}</a>
              </th>
              <td data-label="Problems solved">
                <Completion module={module} />
              </td>
              <td data-label="First try">{accuracyText(module.first_try)}</td>
              <td data-label="In the end">{accuracyText(module.eventual)}</td>
              <td data-label="Mastery">
                <MasteryCell mastery={module.mastery} />
              </td>
              <td data-label="Time">{formatDuration(module.time_spent_seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The topics that were practised, weakest first: what needs work is what a learner looks for here. */
export function Topics({ topics }: { topics: readonly TopicProgress[] }) {
  const seen = topics
    .filter(({ eventual }) => eventual.n > 0)
    .toSorted(
      (a, b) =>
        (a.mastery.rating ?? Number.POSITIVE_INFINITY) - (b.mastery.rating ?? Number.POSITIVE_INFINITY),
    );
  return (
    <section class="card stack" aria-labelledby="topics">
      <div class="section-head">
        <h2 id="topics">Topics</h2>
        <p class="muted small">Weakest first. A share of fewer than five tasks says little.</p>
      </div>
      {seen.length === 0 ? (
        <p class="muted">Topics appear here with your first judged submission.</p>
      ) : (
        <table class="cards-when-narrow">
          <thead>
            <tr>
              <th scope="col">Topic</th>
              <th scope="col">First try</th>
              <th scope="col">In the end</th>
              <th scope="col">Mastery</th>
            </tr>
          </thead>
          <tbody>
            {seen.map((topic) => (
              <tr key={topic.topic}>
                <th scope="row">
                  <a href={`/review?topic=${encodeURIComponent(topic.topic)}`}>{topicName(topic.topic)}</a>
                </th>
                <td data-label="First try">{accuracyText(topic.first_try)}</td>
                <td data-label="In the end">{accuracyText(topic.eventual)}</td>
                <td data-label="Mastery">
                  <MasteryCell mastery={topic.mastery} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
