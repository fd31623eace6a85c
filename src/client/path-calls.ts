import { get, json, segment } from './call.ts';
import type * as t from './types.ts';

const PATHS = '/v1/study-paths';
const of = (id: string) => `${PATHS}/${segment(id)}`;

export const createPath = (body?: t.CreatePath) => json<t.PathCreated>('POST', PATHS, body ?? {});

export const listPaths = (query?: t.ListPathsQuery) => get<t.PathPage>(PATHS, query);

export const getCurrentPath = (query?: t.GetCurrentPathQuery) =>
  get<t.CurrentPath>(`${PATHS}/current`, query);

export const changePath = (id: string, config: t.PathConfigChange) =>
  json<t.PathChanged>('PATCH', of(id), { config });

/** For good. */
export const deletePath = (id: string) => json<null>('DELETE', of(id));

export const getProgress = (id: string, query?: t.GetProgressQuery) =>
  get<t.Progress>(`${of(id)}/progress`, query);
