import type { EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';
import type { ProblemBundle } from '#contract/problem-bank.ts';
import type { Language } from '#contract/vocabulary.ts';
import { UpstreamError } from '../clients/http.ts';
import { publicResults } from '../clients/redact.ts';
import type { Context } from '../context.ts';
import type { Judged } from './domain.ts';

/** Code to judge; `run` counts the judgings of this submission. */
export type JudgingRequest = {
  problemId: string;
  submissionId: string;
  run: number;
  language: Language;
  code: string;
  tests: 'all' | 'visible';
};

/** Why there is no result (yet). */
export type Obstacle =
  | 'problem-bank-unavailable'
  | 'evaluator-unavailable'
  | 'unknown-problem'
  | 'unsupported-language';

export type Judgement = { ok: true; judged: Judged } | { ok: false; obstacle: Obstacle };

/**
 * Fetches the problem's tests and has the evaluator judge the code. A neighbour that is down, slow or talks nonsense
 * is an obstacle, never a verdict (decisions, section 5.5).
 */
export async function judge(ctx: Context, request: JudgingRequest): Promise<Judgement> {
  try {
    const bundle = await ctx.problemBank.bundle(request.problemId, ctx.requestId);
    if (bundle === null) return obstacle(ctx, request, 'unknown-problem');
    if (!bundle.languages.includes(request.language)) return obstacle(ctx, request, 'unsupported-language');
    const asked = evaluationOf(request, bundle);
    const key = `${request.submissionId}:${request.run}`;
    const response = await ctx.evaluator.evaluate(asked, { requestId: ctx.requestId, key });
    return { ok: true, judged: judgedOf(response, asked, bundle) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const name = error.service === 'evaluator' ? 'evaluator-unavailable' : 'problem-bank-unavailable';
    return obstacle(ctx, request, name, { kind: error.kind, status: error.status });
  }
}

function evaluationOf(request: JudgingRequest, bundle: ProblemBundle): EvaluationRequest {
  const { submissionId, language, code } = request;
  return {
    submission_id: submissionId,
    language,
    entry_point: bundle.entry_point,
    code,
    comparison: bundle.comparison,
    signature: bundle.signature,
    tests: request.tests === 'all' ? bundle.tests : bundle.tests.filter(({ hidden }) => !hidden),
  };
}

function judgedOf(response: EvaluationResponse, asked: EvaluationRequest, bundle: ProblemBundle): Judged {
  const { tests, errorMessage, engine } = publicResults(response, asked.tests);
  return {
    verdict: response.verdict,
    passed: response.passed,
    total: response.total,
    runtime_ms: response.runtime_ms,
    memory_mb: response.memory_mb,
    error_message: errorMessage,
    tests,
    content_hash: bundle.content_hash,
    tests_hash: bundle.tests_hash,
    engine,
  };
}

function obstacle(
  ctx: Context,
  { submissionId, problemId }: JudgingRequest,
  name: Obstacle,
  fields: { kind?: string; status?: number | undefined } = {},
): Judgement {
  ctx.log.warn('evaluation-not-judged', {
    obstacle: name,
    submission_id: submissionId,
    problem_id: problemId,
    ...fields,
  });
  return { ok: false, obstacle: name };
}
