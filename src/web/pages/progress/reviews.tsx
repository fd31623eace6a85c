import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ReviewProgress } from '#contract/reviews.ts';
import { formatDay, formatPercent, LOCALE, NOTHING } from '../../time/dates.ts';
import { ScrollTable } from '../../ui/table-twin.tsx';
import { roundUp } from './calendar.ts';
import { DueOn } from './due-on.tsx';
import { count } from './words.ts';

type Forecast = ReviewProgress['forecast'];
type Day = Forecast['days'][number];

const SPANS = [7, 30, 90] as const;
/** Pixels, until the drawing has been measured. */
const WIDTH = 640;
/** Pixels that a label of the axis takes. */
const LABEL = 52;
const HEIGHT = 150;
const BOTTOM = 20;
const LEFT = 28;

const SHORT = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Width of an element in pixels, so that what is written in a drawing keeps its size. */
function useWidth(element: RefObject<Element | null>): number {
  const [width, setWidth] = useState(WIDTH);
  useLayoutEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.max(200, Math.round(entry.contentRect.width)));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

type BarProps = { day: Day; x: number; step: number; y(value: number): number };

function Bar({ day, x, step, y }: BarProps) {
  const { date, due, planned, backlog } = day;
  const inner = x + step * 0.15;
  return (
    <>
      <title>{`${formatDay(date)}: ${due} due, ${planned} planned, ${backlog} waiting`}</title>
      <rect class="bar-hit" x={x} y={-8} width={step} height={HEIGHT + 8} />
      <rect class="bar-due" x={inner} y={y(due)} width={step * 0.7} height={HEIGHT - y(due)} />
      {planned > 0 && (
        <rect class="bar-planned" x={inner} y={y(planned) - 1.5} width={step * 0.7} height={3} />
      )}
    </>
  );
}

type BarsProps = { days: readonly Day[]; hrefOf(day: string): string };

function Bars({ days, hrefOf }: BarsProps) {
  const drawing = useRef<SVGSVGElement>(null);
  const width = useWidth(drawing);
  const scale = roundUp(Math.max(...days.map(({ due, planned }) => Math.max(due, planned))));
  const step = (width - LEFT) / days.length;
  const y = (value: number) => HEIGHT - (value / scale) * HEIGHT;
  const every = [1, 7, 15].find((many) => many * step >= LABEL) ?? 30;
  return (
    // biome-ignore lint/a11y/useSemanticElements: no other element groups parts of a drawing
    <svg
      ref={drawing}
      class="forecast"
      viewBox={`0 -8 ${width} ${HEIGHT + BOTTOM + 8}`}
      role="group"
      aria-label="Reviews that fall due, day by day"
    >
      {[0, scale / 2, scale].map((mark) => (
        // biome-ignore lint/a11y/noAriaHiddenOnFocusable: lines and marks take no focus
        <g key={mark} aria-hidden="true">
          <line class="chart-line" x1={LEFT} x2={width} y1={y(mark)} y2={y(mark)} />
          {Number.isInteger(mark) && (
            <text class="chart-label" x={LEFT - 6} y={y(mark) + 4} text-anchor="end">
              {mark}
            </text>
          )}
        </g>
      ))}
      {days.map((day, index) => {
        const label = `${formatDay(day.date)}: ${count(day.due, 'review')} due, ${day.planned} planned, ${day.backlog} waiting`;
        const bar = <Bar day={day} x={LEFT + index * step} step={step} y={y} />;
        // A day on which nothing falls due leads nowhere.
        return day.due === 0 ? (
          <g key={day.date}>{bar}</g>
        ) : (
          <a key={day.date} href={hrefOf(day.date)} aria-label={label}>
            {bar}
          </a>
        );
      })}
      {days.map(
        (day, index) =>
          index % every === 0 && (
            // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a mark takes no focus
            <text
              key={day.date}
              class="chart-label"
              aria-hidden="true"
              x={LEFT + index * step + 2}
              y={HEIGHT + 15}
            >
              {index === 0 ? 'Today' : SHORT.format(new Date(day.date))}
            </text>
          ),
      )}
    </svg>
  );
}

type ForecastProps = {
  reviews: ReviewProgress;
  /** The day whose reviews are listed, as the address has it. */
  chosen: string | null;
  hrefOf(day: string | null): string;
};

/** What has to be gone over again, and when. */
export function ReviewForecast({ reviews: { due_now, forecast }, chosen, hrefOf }: ForecastProps) {
  const [span, setSpan] = useState<(typeof SPANS)[number]>(30);
  const days = forecast.days.slice(0, span);
  const sums = forecast.spans.find((entry) => entry.days === span);
  const tomorrow = forecast.days[1];
  const today = forecast.days[0]?.date;
  return (
    <section class="card stack" aria-labelledby="forecast">
      <div class="section-head">
        <h2 id="forecast">Reviews ahead</h2>
        <fieldset class="segments">
          <legend class="hidden">How far ahead</legend>
          {SPANS.map((days) => (
            <label key={days}>
              <input type="radio" name="span" checked={days === span} onChange={() => setSpan(days)} />
              <span>{`${days} days`}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <p>
        {`${due_now === 0 ? 'Nothing is' : `${count(due_now, 'review')} ${due_now === 1 ? 'is' : 'are'}`} due today, `}
        {`${forecast.overdue} overdue, ${tomorrow?.due ?? 0} due tomorrow. `}
        {sums &&
          `In ${span} days ${sums.due} fall due, ${sums.planned} fit in, ${sums.backlog} wait at the end.`}
      </p>
      <Bars days={days} hrefOf={hrefOf} />
      {chosen !== null && today !== undefined && (
        <DueOn key={chosen} day={chosen} today={today} closeHref={hrefOf(null)} />
      )}
      <p class="legend small muted">
        <span class="key key-due" /> due <span class="key key-planned" /> planned with your reviews a day
      </p>
      <details>
        <summary>Reviews ahead: table</summary>
        <ScrollTable
          caption="Reviews ahead"
          columns={['Day', 'Due', 'Planned', 'Waiting']}
          rows={days.map(({ date, due, planned, backlog }) => [formatDay(date), due, planned, backlog])}
        />
      </details>
    </section>
  );
}

const PERIODS = {
  today: 'Today',
  week: 'Last 7 days',
  month: 'Last 30 days',
  year: 'Last year',
  all: 'All time',
};

/** How much of what was learnt is still there when it comes back. */
export function TrueRetention({ retention }: { retention: ReviewProgress['retention'] }) {
  const cell = ({ reviews, passed, rate }: { reviews: number; passed: number; rate: number | null }) =>
    reviews === 0 ? NOTHING : `${formatPercent(rate)} (${passed} of ${reviews})`;
  return (
    <section class="card stack" aria-labelledby="retention">
      <div class="section-head">
        <h2 id="retention">True retention</h2>
        <p class="muted small">
          Reviews that you passed. Mature problems had rested for 21 days or more; a single day says little.
        </p>
      </div>
      <ScrollTable
        caption="Reviews that were passed, by period"
        columns={['Period', 'Young', 'Mature', 'All']}
        rows={retention.map(({ period, young, mature, all }) => [
          PERIODS[period],
          cell(young),
          cell(mature),
          cell(all),
        ])}
      />
    </section>
  );
}
