import { listPaths } from '#client/path-calls.ts';
import type { StudyPath } from '#contract/paths.ts';
import { type Resource, useResource } from './resource.ts';

/**
 * The learner's newest path, or null before the first one. Read from the list, because browsers report the 404 of
 * `/v1/study-paths/current` as an error of the page.
 */
export function useNewestPath(): Omit<Resource<StudyPath | null>, 'set'> {
  const { data, error, loading, reload } = useResource(listPaths({ limit: 1 }));
  return { data: data === undefined ? undefined : (data.data[0] ?? null), error, loading, reload };
}
