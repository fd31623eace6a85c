/** The app speaks English, so dates do too, in the way of the reader's own country where that has one. */
export const LOCALE = navigator.languages.find((language) => /^en\b/.test(language)) ?? 'en-GB';

let zoneOfBrowser: string | undefined;

/** Where the browser is; the learner's own zone is in the path's config. */
export function browserZone(): string {
  // Not as the page begins: the first format of all costs more than a frame.
  zoneOfBrowser ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zoneOfBrowser;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs more than using it, and lists use the same few for every row. */
function format(zone: string, options: Intl.DateTimeFormatOptions, locale = LOCALE): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  formats.set(key, made);
  return made;
}

/**
 * Date of an instant on the clocks of a zone, as `2026-11-26`: for what is shown with its time. The learner's day, which
 * begins in the night, is `learnerDay`.
 */
export function dateKey(iso: string | number, zone = browserZone()): string {
  // Sweden writes its dates as ISO 8601 does.
  return format(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }, 'sv-SE').format(new Date(iso));
}

/** A calendar day in words, such as `Thursday, 26 November 2026`; the year only when it is not that of `today`. */
export function formatDay(day: string, today?: string): string {
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
  if (today?.slice(0, 4) !== day.slice(0, 4)) options.year = 'numeric';
  // A calendar day has no zone; noon in UTC is on that day.
  return format('UTC', options).format(new Date(`${day}T12:00:00Z`));
}

export function formatTime(iso: string, zone = browserZone()): string {
  return format(zone, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

/** Date and time to the second, with the zone. */
export function formatInstant(iso: string, zone = browserZone()): string {
  return format(zone, { dateStyle: 'full', timeStyle: 'long' }).format(new Date(iso));
}

let relativeFormat: Intl.RelativeTimeFormat | undefined;
let percentFormat: Intl.NumberFormat | undefined;

function relative(value: number, unit: Intl.RelativeTimeFormatUnit): string {
  relativeFormat ??= new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
  return relativeFormat.format(value, unit);
}

const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** `3 hours ago`, `in 2 days`; under a minute `now`. */
export function formatRelative(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  if (unit === undefined) return relative(0, 'second');
  return relative(Math.trunc(seconds / unit[1]), unit[0]);
}

/** `45 s`, `12 min`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** Stands where there is no figure yet. */
export const NOTHING = '—';

/** A share of 0 to 1 as `87 %`; a dash when there is none. */
export function formatPercent(share: number | null): string {
  if (share === null) return NOTHING;
  percentFormat ??= new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 });
  return percentFormat.format(share);
}
