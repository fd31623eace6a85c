import type { Practice } from '#contract/progress.ts';
import { formatDay, formatDuration } from '../../time/dates.ts';
import { TableTwin } from '../../ui/table-twin.tsx';
import { weeksUpTo } from './calendar.ts';
import { count } from './words.ts';

const WEEKS = 53;
const CELL = 16;
const GAP = 4;
const STEP = CELL + GAP;
const LEFT = 34;
const TOP = 18;
const DAY_NAMES = ['Mon', '', 'Wed', '', 'Fri', '', 'Sun'];
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' });
const QUARTER_SECONDS = 900;

/** Which days saw practice in the last year, and the streaks. */
export function Activity({ practice }: { practice: Practice }) {
  const weeks = weeksUpTo(practice.today, practice.activity, WEEKS);
  const rows = practice.activity
    .toReversed()
    .map(({ date, quarters }) => [formatDay(date), `about ${formatDuration(quarters * QUARTER_SECONDS)}`]);
  return (
    <section class="card stack" aria-labelledby="activity">
      <div class="section-head">
        <h2 id="activity">Practice</h2>
        <p class="muted small">
          {`${count(practice.current_streak, 'day')} in a row now, ${practice.longest_streak} at best, ${count(practice.days, 'day')} in all`}
        </p>
      </div>
      <TableTwin caption="Days with practice" columns={['Day', 'Time']} rows={rows}>
        <div class="heat-scroll">
          <svg
            class="heat"
            width={LEFT + WEEKS * STEP}
            height={TOP + 7 * STEP}
            viewBox={`0 0 ${LEFT + WEEKS * STEP} ${TOP + 7 * STEP}`}
          >
            <title>Days with practice</title>
            {DAY_NAMES.map((name, day) => (
              <text key={day} class="chart-label" x={0} y={TOP + day * STEP + CELL - 4}>
                {name}
              </text>
            ))}
            {weeks.map((days, week) => (
              <g key={days[0]?.date} transform={`translate(${LEFT + week * STEP} 0)`}>
                {beginsMonth(days) && (
                  <text class="chart-label" x={0} y={TOP - 7}>
                    {MONTH.format(new Date(days[0]?.date ?? 0))}
                  </text>
                )}
                {days.map(({ date, level, quarters }, day) => (
                  <rect
                    key={date}
                    class={`heat-${level}`}
                    x={0}
                    y={TOP + day * STEP}
                    width={CELL}
                    height={CELL}
                    rx={3}
                  >
                    <title>{`${formatDay(date)}: ${quarters === 0 ? 'no practice' : formatDuration(quarters * QUARTER_SECONDS)}`}</title>
                  </rect>
                ))}
              </g>
            ))}
          </svg>
        </div>
      </TableTwin>
    </section>
  );
}

/** The week in which the first of a month is, unless its label would touch the one before. */
function beginsMonth(days: readonly { date: string }[]): boolean {
  const [first] = days;
  return first !== undefined && Number(first.date.slice(8)) <= 7;
}
