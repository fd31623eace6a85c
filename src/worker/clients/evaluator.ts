import { type EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';
import { brokenRule } from './evaluator-checks.ts';
import { callJson, type Fetcher, type Observe, UpstreamError } from './http.ts';

/** `key` names this judging at the evaluator (`<submission id>:<run>`), so that a repeated call runs nothing twice. */
export type EvaluateOptions = { requestId: string; key: string };

/** Port to the evaluation service. */
export type Evaluator = {
  /** @throws UpstreamError when there is no answer within EVAL_SERVICE_TIMEOUT or none that can be believed. */
  evaluate(request: EvaluationRequest, options: EvaluateOptions): Promise<EvaluationResponse>;
};

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
  return {
    async evaluate(request, { requestId, key }) {
      const answer = await callJson({
        service: 'evaluator',
        fetcher,
        url: new URL('/v1/evaluations', url).toString(),
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': key },
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
  };
}
