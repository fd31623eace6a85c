import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { online } from '../kit/online.ts';
import { Aborted, api } from './client.ts';
import { ApiError } from './problem.ts';

/** What a page knows of one address of the API. */
export type Resource<T> = {
  /** The last good answer; stays while a newer one is fetched and when fetching it fails. */
  data: T | undefined;
  /** Why the last request failed; null once one succeeds. */
  error: ApiError | null;
  loading: boolean;
  reload(): void;
  /** Puts in place what a POST or PATCH has answered. */
  set(data: T): void;
};

type State<T> = { path: string | null; data: T | undefined; error: ApiError | null; loading: boolean };

/**
 * Fetches `path` and again whenever it changes; aborts when the component goes. After a failure on the network it
 * tries again as soon as the browser is back online. `null` fetches nothing.
 */
export function useResource<T>(path: string | null): Resource<T> {
  const [state, setState] = useState<State<T>>({
    path,
    data: undefined,
    error: null,
    loading: path !== null,
  });
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  const failed = useRef(false);
  failed.current = state.error?.code === 'offline';

  // `turn` is not read: it is what makes `reload` run this again.
  useEffect(() => {
    if (path === null) {
      setState({ path, data: undefined, error: null, loading: false });
      return;
    }
    const leaving = new AbortController();
    setState((last) => ({
      path,
      data: last.path === path ? last.data : undefined,
      error: last.path === path ? last.error : null,
      loading: true,
    }));
    api.get<T>(path, { signal: leaving.signal }).then(
      (data) => setState({ path, data, error: null, loading: false }),
      (error: unknown) => {
        if (error instanceof Aborted) return;
        const shown = error instanceof ApiError ? error : new ApiError('unreadable', String(error));
        setState((last) => ({ ...last, error: shown, loading: false }));
      },
    );
    return () => leaving.abort();
  }, [path, turn]);

  useEffect(
    () =>
      online.subscribe(() => {
        if (online.get() && failed.current) reload();
      }),
    [reload],
  );

  const set = useCallback((data: T) => setState({ path, data, error: null, loading: false }), [path]);
  // What belongs to the address before must not be shown under the new one, not even for one render.
  const fits = state.path === path;
  return {
    data: fits ? state.data : undefined,
    error: fits ? state.error : null,
    loading: fits ? state.loading : path !== null,
    reload,
    set,
  };
}
