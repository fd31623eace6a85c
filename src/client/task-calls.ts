import { get, json, segment } from './call.ts';
import type * as t from './types.ts';

const TASKS = '/v1/study-tasks';
const of = (id: string) => `${TASKS}/${segment(id)}`;

export const createTasks = (body: t.CreateTasks) => json<t.TasksCreated>('POST', `${TASKS}/batch`, body);

/** Null when nothing is left to do. */
export const getNextTask = (query?: t.GetNextTaskQuery) => get<t.NextTask | null>(`${TASKS}/next`, query);

export const listTasks = (query?: t.ListTasksQuery) => get<t.TaskPage>(TASKS, query);

export const getTask = (id: string) => get<t.TaskDetail>(of(id));

export const changeTask = (id: string, body: t.PatchTask) => json<t.TaskAnswer>('PATCH', of(id), body);

export const startTask = (id: string) => json<t.TaskAnswer>('POST', `${of(id)}/start`);

export const listEvents = (id: string, query?: t.ListEventsQuery) =>
  get<t.EventPage>(`${of(id)}/events`, query);
