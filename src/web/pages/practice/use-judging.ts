import { useEffect, useRef, useState } from 'preact/hooks';
import { type AnyStudyPathsError, isStudyPathsError } from '#client/errors.ts';
import { evaluateAgain, runCode, submitCode } from '#client/evaluation-calls.ts';
import { getTask } from '#client/task-calls.ts';
import type { Evaluation, RunResult } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import type { Language } from '#contract/vocabulary.ts';
import { failureOf, send } from '../../api/client.ts';
import { announce } from '../../kit/announce.ts';
import { answered, requestFor, type Unanswered } from './submission-key.ts';
import { verdictLine } from './verdicts.ts';

/** Longer than the evaluator's own deadline. */
const JUDGE_MS = 50_000;
/** Pauses between looks at a pending submission, in milliseconds; the last one repeats. */
const LOOKS_MS = [2000, 3000, 5000, 8000, 15_000] as const;
/** A repeat that meets its own first request waits this often, a second each. */
const MOST_WAITS = 45;

export type Judged =
  | { kind: 'run'; result: RunResult; language: Language }
  | { kind: 'submission'; result: Evaluation; language: Language };

export type Work = 'run' | 'submit' | 'rejudge';

export type Judging = {
  busy: Work | null;
  judged: Judged | null;
  /** Whether that came while the page was open. */
  fresh: boolean;
  /** What went wrong with which work. */
  failure: { work: Work; error: AnyStudyPathsError; at: number } | null;
  run(language: Language, code: string): void;
  submit(language: Language, code: string): void;
  /** Has the pending or failed submission judged now. */
  rejudge(): void;
};

type Answer = { evaluation: Evaluation; task: Task };

type Parts = {
  learner: string;
  task: Task;
  /** The newest judging that is known from the server. */
  newest: Evaluation | undefined;
  seconds(): number;
  ensureStarted(): Promise<void>;
  onTask(task: Task): void;
  onSubmitted(evaluation: Evaluation): void;
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends a submission; the same key and body again until the Worker, which may still be at the first one, answers. */
async function sendSubmission(taskId: string, { key, body }: Unanswered): Promise<Answer> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await send(submitCode(taskId, body), { idempotencyKey: key, timeoutMs: JUDGE_MS });
    } catch (error) {
      const running = isStudyPathsError(error) && error.code === 'request-in-progress';
      if (!running || waits >= MOST_WAITS) throw error;
      await pause((error.retryAfter ?? 1) * 1000);
    }
  }
}

/** A refusal is an answer too; without one, or with the server in trouble, the same request may go again. */
function isRefusal(error: unknown): boolean {
  if (!isStudyPathsError(error) || error.code === 'request-in-progress') return false;
  return error.status >= 400 && error.status < 500;
}

/** Running and submitting code, one at a time, and waiting for results that come later. */
export function useJudging(parts: Parts): Judging {
  const { learner, task, newest } = parts;
  const [busy, setBusy] = useState<Work | null>(null);
  const [own, setOwn] = useState<Judged | null>(null);
  const [failure, setFailure] = useState<Judging['failure']>(null);
  // A second click may come before the first one has been rendered.
  const working = useRef(false);
  const latest = useRef(parts);
  latest.current = parts;

  const judged: Judged | null =
    own ?? (newest === undefined ? null : { kind: 'submission', result: newest, language: newest.language });
  const pendingId =
    judged?.kind === 'submission' && judged.result.status === 'pending' ? judged.result.id : null;

  async function work(kind: Work, act: () => Promise<void>) {
    if (working.current) return;
    working.current = true;
    setBusy(kind);
    setFailure(null);
    try {
      await act();
    } catch (error) {
      setFailure({ work: kind, error: failureOf(error), at: Date.now() });
    } finally {
      working.current = false;
      setBusy(null);
    }
  }

  function take({ evaluation, task: changed }: Answer) {
    setOwn({ kind: 'submission', result: evaluation, language: evaluation.language });
    announce(verdictLine(evaluation));
    latest.current.onTask(changed);
  }

  useEffect(() => {
    if (pendingId === null) return;
    const leaving = new AbortController();
    async function look() {
      for (let turn = 0; !leaving.signal.aborted; turn += 1) {
        await pause(LOOKS_MS[Math.min(turn, LOOKS_MS.length - 1)] ?? 15_000);
        // The next look may succeed, unless the task is no longer there.
        const detail = await send(getTask(task.id), { signal: leaving.signal }).catch(failureOf);
        if (isStudyPathsError(detail)) {
          if (detail.code === 'not-found') return;
          continue;
        }
        const found = detail.evaluations.find(({ id }) => id === pendingId);
        if (found === undefined || found.status === 'pending') continue;
        if (!leaving.signal.aborted) take({ evaluation: found, task: detail.task });
        return;
      }
    }
    void look();
    return () => leaving.abort();
  }, [task.id, pendingId]);

  return {
    busy,
    judged,
    fresh: own !== null,
    failure,
    run: (language, code) =>
      void work('run', async () => {
        await parts.ensureStarted();
        const result = await send(runCode(task.id, { language, code }), { timeoutMs: JUDGE_MS });
        setOwn({ kind: 'run', result, language });
        announce(verdictLine(result));
      }),
    submit: (language, code) =>
      void work('submit', async () => {
        const time_spent_seconds = Math.min(86_400, Math.floor(parts.seconds()));
        const request = requestFor(learner, task.id, { language, code, time_spent_seconds });
        const answer = await sendSubmission(task.id, request).catch((error: unknown) => {
          if (isRefusal(error)) answered(learner, task.id);
          throw error;
        });
        answered(learner, task.id);
        latest.current.onSubmitted(answer.evaluation);
        take(answer);
      }),
    rejudge: () =>
      void work('rejudge', async () => {
        take(await send(evaluateAgain(task.id), { timeoutMs: JUDGE_MS }));
      }),
  };
}
