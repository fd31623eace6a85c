import { useEffect, useRef, useState } from 'preact/hooks';
import { type AnyStudyPathsError, isStudyPathsError } from '#client/errors.ts';
import { listHints, requestHint } from '#client/hint-calls.ts';
import type { HintEvent } from '#client/types.ts';
import type { RequestHint } from '#contract/hints.ts';
import type { GivenHint, HintList } from '#contract/history.ts';
import { send } from '../../api/client.ts';
import { type Resource, useResource } from '../../api/resource.ts';
import { announce } from '../../kit/announce.ts';

/** A hint as the panel shows it. `broken` holds why it is not whole. */
export type Hint = {
  key: string;
  level: number | null;
  question: string | null;
  text: string;
  state: 'asking' | 'streaming' | 'whole' | 'stopped' | 'broken';
};

export type Hints = {
  /** Those of earlier visits, then those of this one. */
  hints: readonly Hint[];
  earlier: Pick<Resource<HintList>, 'error' | 'reload' | 'loading'>;
  busy: boolean;
  error: AnyStudyPathsError | null;
  /** Hints that the quota leaves, as the last answer said; null while unknown. */
  left: number | null;
  ask(wish: RequestHint): void;
  stop(): void;
};

const ENDS: Record<NonNullable<GivenHint['outcome']>, Hint['state']> = {
  complete: 'whole',
  aborted: 'stopped',
  timeout: 'broken',
  failed: 'broken',
};

function fromServer({ hint_id, level, question, text, outcome }: GivenHint): Hint {
  const state = outcome === null ? 'whole' : ENDS[outcome];
  return { key: hint_id, level, question, text: text ?? '', state };
}

/** `"hints-per-task";r=3` (draft-ietf-httpapi-ratelimit-headers-10). */
function leftOf(headers: Headers): number | null {
  const match = /"hints-per-task";r=(\d+)/.exec(headers.get('ratelimit') ?? '');
  return match?.[1] === undefined ? null : Number(match[1]);
}

/** The change that an event of the tutor's stream makes to the hint. */
function applied(hint: Hint, { event, data }: HintEvent): Hint {
  switch (event) {
    case 'delta':
      return { ...hint, state: 'streaming', text: hint.text + data.text };
    case 'done':
      return { ...hint, state: 'whole', level: data.level ?? hint.level };
    case 'error':
      return { ...hint, state: 'broken' };
  }
}

/** Asking the tutor about one task: at most one stream at a time, which ends when the page is left. */
export function useHints(
  taskId: string,
  hasEarlier: boolean,
  nextLevel: (given: readonly Hint[]) => number,
): Hints {
  // Fetched once: what is asked for here is added below.
  const [wanted] = useState(hasEarlier);
  const { data, error: earlierError, loading, reload } = useResource(wanted ? listHints(taskId) : null);
  const [own, setOwn] = useState<readonly Hint[]>([]);
  const [error, setError] = useState<AnyStudyPathsError | null>(null);
  const [left, setLeft] = useState<number | null>(null);
  const stream = useRef<AbortController | null>(null);
  useEffect(() => () => stream.current?.abort(), []);

  const hints = [...(data?.data ?? []).map(fromServer), ...own];
  const busy = hints.some(({ state }) => state === 'asking' || state === 'streaming');

  async function ask(wish: RequestHint) {
    if (stream.current !== null) return;
    const leaving = new AbortController();
    stream.current = leaving;
    setError(null);
    let hint: Hint = {
      key: `own-${own.length}`,
      level: nextLevel(hints),
      question: wish.question ?? null,
      text: '',
      state: 'asking',
    };
    const update = (changed: Hint) => {
      hint = changed;
      setOwn([...own, changed]);
    };
    let opened = false;
    update(hint);
    try {
      const events = await send(requestHint(taskId, wish), { signal: leaving.signal });
      opened = true;
      setLeft(leftOf(events.response.headers));
      for await (const event of events) update(applied(hint, event));
      if (hint.state !== 'whole') update({ ...hint, state: 'broken' });
      announce(hint.state === 'whole' ? 'The hint is complete.' : 'The hint broke off.');
    } catch (reason) {
      if (opened) update({ ...hint, state: leaving.signal.aborted ? 'stopped' : 'broken' });
      else {
        setOwn(own);
        if (isStudyPathsError(reason)) {
          setError(reason);
          if (reason.code === 'hint-quota') setLeft(0);
        }
      }
    } finally {
      stream.current = null;
    }
  }

  return {
    hints,
    earlier: { error: earlierError, loading, reload },
    busy,
    error,
    left,
    ask: (wish) => void ask(wish),
    stop: () => stream.current?.abort(),
  };
}
