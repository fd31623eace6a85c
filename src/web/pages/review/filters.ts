import type { ListTasksQuery } from '#client/types.ts';
import type { StatusFilter } from '#contract/history.ts';
import type { Module, TaskKind } from '#contract/vocabulary.ts';
import type { CalendarRule } from '#domain/calendar.ts';
import { startOfDay } from '../../time/learner-days.ts';
import { DIFFICULTY_NAMES, FILTER_NAMES, KIND_NAMES, MODULE_NAMES } from '../../ui/names.ts';

const keysOf = <T extends string>(names: Readonly<Record<T, string>>) => Object.keys(names) as T[];

export const MODULES = keysOf(MODULE_NAMES);
export const STATUSES = keysOf(FILTER_NAMES);
export const KINDS = keysOf(KIND_NAMES);
export const DIFFICULTIES = keysOf(DIFFICULTY_NAMES);

/** Which tasks the list shows; an empty list or null lets everything through. */
export type Filters = {
  module: readonly Module[];
  status: readonly StatusFilter[];
  difficulty: readonly string[];
  kind: readonly TaskKind[];
  topic: readonly string[];
  path_id: string | null;
  /** Days of the learner: the first one shown, and the first one after those shown. */
  from: string | null;
  to: string | null;
  q: string;
  order: 'desc' | 'asc';
};

export const TABS = ['statement', 'tests', 'submissions', 'hints', 'log'] as const;
export type Tab = (typeof TABS)[number];

/** What the address of the page says: the filters, and the task whose drawer is open. */
export type Place = { filters: Filters; task: string | null; tab: Tab };

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST_SEARCH = 100;
const MOST_TOPICS = 40;
const LONGEST_TOPIC = 60;

function day(text: string | null): string | null {
  if (text === null || !/^2[01]\d{2}-\d{2}-\d{2}$/.test(text)) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : text;
}

function among<T extends string>(params: URLSearchParams, name: string, options: readonly T[]): T[] {
  const wanted = params.getAll(name);
  return options.filter((option) => wanted.includes(option));
}

/** Cuts a search to what the API takes; half a pair of surrogates would be refused. */
export function cleanSearch(text: string): string {
  return text.replaceAll('\0', '').trim().slice(0, LONGEST_SEARCH).toWellFormed();
}

/** Reads an address. What it does not know is left out: an old or mistyped link shows too much rather than nothing. */
export function readPlace(url: string): Place {
  const params = new URL(url, 'http://page.invalid').searchParams;
  const from = day(params.get('from'));
  const to = day(params.get('to'));
  const path = params.get('path_id');
  const topics = [...new Set(params.getAll('topic'))]
    .filter((topic) => topic !== '' && topic.length <= LONGEST_TOPIC && !topic.includes('\0'))
    .slice(0, MOST_TOPICS);
  const tab = params.get('tab');
  return {
    filters: {
      module: among(params, 'module', MODULES),
      status: among(params, 'status', STATUSES),
      difficulty: among(params, 'difficulty', DIFFICULTIES),
      kind: among(params, 'kind', KINDS),
      topic: topics.toSorted(),
      path_id: path !== null && UUID.test(path) ? path : null,
      from,
      to: from !== null && to !== null && to <= from ? null : to,
      q: cleanSearch(params.get('q') ?? ''),
      order: params.get('order') === 'asc' ? 'asc' : 'desc',
    },
    task: params.get('task'),
    tab: TABS.find((known) => known === tab) ?? 'statement',
  };
}

function filterParams(filters: Filters): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of ['module', 'status', 'difficulty', 'kind', 'topic'] as const) {
    for (const value of filters[name]) params.append(name, value);
  }
  for (const name of ['path_id', 'from', 'to'] as const) {
    const value = filters[name];
    if (value !== null) params.set(name, value);
  }
  if (filters.q !== '') params.set('q', filters.q);
  if (filters.order !== 'desc') params.set('order', filters.order);
  return params;
}

/** The address that `readPlace` reads; the same place has the same address. */
export function addressOf(filters: Filters, task: string | null = null, tab: Tab = 'statement'): string {
  const params = filterParams(filters);
  if (task !== null) params.set('task', task);
  if (task !== null && tab !== 'statement') params.set('tab', tab);
  const query = params.toString();
  return query === '' ? '/review' : `/review?${query}`;
}

/** Query of the API for the same tasks, with the days as instants of the learner's calendar. */
export function queryOf(filters: Filters, calendar: CalendarRule): ListTasksQuery {
  const { module, status, difficulty, kind, topic, path_id, from, to, q, order } = filters;
  return {
    module: [...module],
    status: [...status],
    difficulty: difficulty.map((level) => Number(level) as 1 | 2 | 3 | 4 | 5),
    kind: [...kind],
    topic: [...topic],
    path_id: path_id ?? undefined,
    from: from === null ? undefined : startOfDay(from, calendar),
    to: to === null ? undefined : startOfDay(to, calendar),
    q: q === '' ? undefined : q,
    order,
  };
}

/** Whether anything is left out; the order leaves out nothing. */
export function isFiltered(filters: Filters): boolean {
  return filterParams({ ...filters, order: 'desc' }).size > 0;
}
