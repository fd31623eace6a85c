import type { PathConfig } from '#contract/paths.ts';

type NumberKey = {
  [Key in keyof PathConfig]: NonNullable<PathConfig[Key]> extends number ? Key : never;
}[keyof PathConfig];

/** A number of a path's config as its form asks for it; ranges as in the contract (a test compares them). */
export type NumberField = {
  key: NumberKey;
  label: string;
  hint: string;
  min: number;
  max: number;
  /** The form shows the value times this. */
  scale?: number;
  /** Whether it may be left empty, which means no limit. */
  optional?: true;
};

export const NUMBER_FIELDS: readonly NumberField[] = [
  {
    key: 'tasks_per_day',
    label: 'New tasks a day',
    hint: 'How many are scheduled for one day.',
    min: 1,
    max: 20,
  },
  {
    key: 'reviews_per_day',
    label: 'Reviews a day',
    hint: 'The rest of a backlog waits for the days after. 0 turns reviews off.',
    min: 0,
    max: 100,
  },
  {
    key: 'desired_retention',
    label: 'Retention you want, in percent',
    hint: 'Share of reviews that should succeed: higher means more reviews.',
    min: 70,
    max: 97,
    scale: 100,
  },
  {
    key: 'horizon',
    label: 'Tasks that stand ready',
    hint: 'Your path is topped up to as many.',
    min: 1,
    max: 50,
  },
  {
    key: 'module_target',
    label: 'Problems per module',
    hint: 'To solve; the next module opens at 70 % of it. Leave it empty for a goal by size and weight of the module.',
    min: 1,
    max: 200,
    optional: true,
  },
  {
    key: 'hints_per_task',
    label: 'Hints per task',
    hint: 'Leave it empty for as many as you ask for.',
    min: 0,
    max: 100,
    optional: true,
  },
  {
    key: 'day_start_hour',
    label: 'Hour at which your day begins',
    hint: 'Practice before it belongs to the day before. A change counts from now on.',
    min: 0,
    max: 12,
  },
  {
    key: 'expiry_hours',
    label: 'Hours until a task expires',
    hint: 'Counted from the time it is scheduled for.',
    min: 1,
    max: 8760,
  },
  {
    key: 'idle_cap_minutes',
    label: 'Most minutes a task may count',
    hint: 'Time you were away is not time spent.',
    min: 1,
    max: 1440,
  },
];

/** The form's text for a value of the config. */
export function textOf({ scale = 1 }: NumberField, value: number | null): string {
  return value === null ? '' : String(Math.round(value * scale * 100) / 100);
}

/** The value behind a form's text, or why there is none. */
export function parseText(field: NumberField, text: string): { value: number | null } | { error: string } {
  const { min, max, scale = 1, optional = false } = field;
  if (text.trim() === '')
    return optional ? { value: null } : { error: `Enter a number from ${min} to ${max}.` };
  const number = Number(text);
  if (!Number.isInteger(number) || number < min || number > max) {
    return { error: `Enter a whole number from ${min} to ${max}.` };
  }
  return { value: number / scale };
}
