import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Call } from '#client/call.ts';
import type { AnyStudyPathsError } from '#client/errors.ts';
import { online } from '../kit/online.ts';
import { failureOf, send } from './client.ts';

/** What a page knows of one thing that it reads from the API. */
export type Resource<T> = {
  /** The last good answer; stays while a newer one is fetched and when fetching it fails. */
  data: T | undefined;
  /** Why the last request failed; null once one succeeds. */
  error: AnyStudyPathsError | null;
  loading: boolean;
  reload(): void;
  /** Puts in place what a POST or PATCH has answered. */
  set(data: T): void;
};

type State<T> = {
  path: string | null;
  data: T | undefined;
  error: AnyStudyPathsError | null;
  loading: boolean;
};

/**
 * Sends a read, and again whenever its path changes; aborts when the component goes. After a failure on the network it
 * tries again as soon as the browser is back online. `null` reads nothing.
 */
export function useResource<T>(call: Call<T> | null): Resource<T> {
  const path = call?.path ?? null;
  const [state, setState] = useState<State<T>>({
    path,
    data: undefined,
    error: null,
    loading: path !== null,
  });
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  const failed = useRef(false);
  failed.current = state.error?.code === 'network';

  // `turn` is not read: it is what makes `reload` run this again.
  useEffect(() => {
    if (call === null) {
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
    send(call, { signal: leaving.signal }).then(
      (data) => setState({ path, data, error: null, loading: false }),
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        setState((last) => ({ ...last, error: failureOf(error), loading: false }));
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
