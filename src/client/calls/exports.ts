import { file, pathOf } from '../call.ts';
import type * as t from '../types.ts';

/** A file, as it streams; `json()` of the answer is a `TaskExport`. */
export const exportTasks = (query: t.ExportTasksQuery) =>
  file(pathOf('/v1/study-tasks/export', query), '*/*');

/** A file, as it streams; `json()` of the answer is a `LearnerExport`. */
export const exportEverything = () => file('/v1/me/export', 'application/json');
