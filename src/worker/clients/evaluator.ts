import type { EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';

/** `key` names this judging at the evaluator (`<submission id>:<run>`), so that a repeated call runs nothing twice. */
export type EvaluateOptions = { requestId: string; key: string };

/** Port to the evaluation service. */
export type Evaluator = {
  /** @throws UpstreamError when there is no answer within EVAL_SERVICE_TIMEOUT or none that can be believed. */
  evaluate(request: EvaluationRequest, options: EvaluateOptions): Promise<EvaluationResponse>;
};
