import type { CalendarRule } from '#domain/calendar.ts';
import { formatDay } from '../../time/dates.ts';
import { calendarOfPath, learnerDay } from '../../time/learner-days.ts';

/** Says for which later day of the learner a task was planned; nothing for one of today. */
export function Planned({ at, config }: { at: string; config: CalendarRule | undefined }) {
  const calendar = calendarOfPath(config);
  const [day, today] = [learnerDay(at, calendar), learnerDay(Date.now(), calendar)];
  if (day <= today) return null;
  return <p class="small muted">{`Planned for ${formatDay(day, today)}: you are ahead.`}</p>;
}
