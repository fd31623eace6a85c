import { EvaluationCancelled, type EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';
import { brokenRule } from './evaluator-checks.ts';
import { callJson, type Fetcher, type Observe, UpstreamError } from './http.ts';

/** `key` names this judging at the evaluator (`<submission id>:<run>`), so that a repeated call runs nothing twice. */
export type EvaluateOptions = { requestId: string; key: string };

/** Port to the evaluation service. */
export type Evaluator = {
  /** @throws UpstreamError when there is no answer within EVAL_SERVICE_TIMEOUT or none that can be believed. */
  evaluate(request: EvaluationRequest, options: EvaluateOptions): Promise<EvaluationResponse>;
  /**
   * Ends what runs or waits under that key.
   * @returns whether it is certain that nothing does any more; false when the service does not say so in time.
   */
  cancel(options: EvaluateOptions): Promise<boolean>;
};

/** Milliseconds that the service has to end a run. */
const CANCEL_MS = 5000;

export type EvaluatorOptions = {
  fetcher: Fetcher;
  /** Base address without a path. */
  url: string;
  apiKey: string;
  /** Milliseconds for everything, a second attempt included. */
  timeoutMs: number;
  observe?: Observe;
};

/** Client of the evaluation service. Its word is believed only when it fits what it was asked. */
export function createEvaluator({ fetcher, url, apiKey, timeoutMs, observe }: EvaluatorOptions): Evaluator {
  const endpoint = new URL('/v1/evaluations', url).toString();
  const authorization = `Bearer ${apiKey}`;
  return {
    async evaluate(request, { requestId, key }) {
      const answer = await callJson({
        service: 'evaluator',
        fetcher,
        url: endpoint,
        method: 'POST',
        headers: { authorization, 'idempotency-key': key },
        body: request,
        schema: EvaluationResponse,
        deadlineMs: timeoutMs,
        capBytes: 4 * 1024 * 1024,
        attempts: 2,
        retryStatuses: [429, 503],
        requestId,
        observe,
      });
      if (!answer.ok) throw new UpstreamError('evaluator', 'status', { status: answer.status });
      if (answer.value.verdict === 'IE' || answer.value.tests.some((test) => test.verdict === 'IE'))
        throw new UpstreamError('evaluator', 'judge-fault');
      const rule = brokenRule(request, answer.value);
      if (rule !== null) throw new UpstreamError('evaluator', 'wrong-schema', { rule });
      return answer.value;
    },
    async cancel({ requestId, key }) {
      try {
        const answer = await callJson({
          service: 'evaluator',
          fetcher,
          url: `${endpoint}?key=${encodeURIComponent(key)}`,
          method: 'DELETE',
          headers: { authorization },
          schema: EvaluationCancelled,
          deadlineMs: Math.min(CANCEL_MS, timeoutMs),
          capBytes: 1024,
          attempts: 2,
          requestId,
          observe,
        });
        return answer.ok;
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        return false;
      }
    },
  };
}
