import { type Call, pathOf } from './call.ts';
import type * as t from './types.ts';

/** Milliseconds for a file: the export of years takes its time. */
const FILE_MS = 300_000;

const file = (path: string, accept: string): Call<Response> => ({
  method: 'GET',
  path,
  accept,
  timeoutMs: FILE_MS,
  read: (response) => response,
});

/** A file, as it streams; `json()` of the answer is a `TaskExport`. */
export const exportTasks = (query: t.ExportTasksQuery) =>
  file(pathOf('/v1/study-tasks/export', query), '*/*');

/** A file, as it streams; `json()` of the answer is a `LearnerExport`. */
export const exportEverything = () => file('/v1/me/export', 'application/json');
