import type { EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';
import type { ProblemBundle } from '#contract/problem-bank.ts';
import type { Language } from '#contract/vocabulary.ts';
import type { Judged } from '#domain/evaluations/settle.ts';
import { UpstreamError } from '../clients/http.ts';
import { publicResults } from '../clients/redact.ts';
import type { Context } from '../context.ts';
import type { HeldSlot } from './lease.ts';

/** Code to judge; `run` counts the judgings of this submission. */
export type JudgingRequest = {
  learnerId: string;
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

/** `judgeFault`: the judge was there, and failed over this very code. */
export type Judgement = { ok: true; judged: Judged } | { ok: false; obstacle: Obstacle; judgeFault: boolean };

/**
 * Fetches the problem's tests and has the evaluator judge the code. A service that is down, slow or talks nonsense is an
 * obstacle, never a verdict. The slot is left when the run may still go after this.
 */
export async function judge(ctx: Context, request: JudgingRequest, slot: HeldSlot): Promise<Judgement> {
  const options = { requestId: ctx.requestId, key: `${request.submissionId}:${request.run}` };
  try {
    const bundle = await ctx.problemBank.bundle(request.problemId, ctx.requestId);
    if (bundle === null) return obstacle(ctx, request, 'unknown-problem');
    if (!bundle.languages.includes(request.language)) return obstacle(ctx, request, 'unsupported-language');
    const asked = evaluationOf(request, bundle, await ctx.pseudonym(request.learnerId));
    const response = await ctx.evaluator.evaluate(asked, options);
    return { ok: true, judged: judgedOf(response, asked, bundle) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const fields = { kind: error.kind, status: error.status };
    if (error.service !== 'evaluator') return obstacle(ctx, request, 'problem-bank-unavailable', fields);
    if (mayStillRun(error) && !(await ctx.evaluator.cancel(options))) slot.leave();
    const judgement = obstacle(ctx, request, 'evaluator-unavailable', fields);
    return { ...judgement, judgeFault: isJudgeFault(error) };
  }
}

/** Without an answer nobody knows whether the run goes on. */
function mayStillRun({ kind }: UpstreamError): boolean {
  return kind === 'timeout' || kind === 'network';
}

/** Statuses by which the judge refuses a request for what it holds. */
const REFUSED = [400, 413, 422];

/**
 * Whether the judge was there and failed over what it was asked: an answer that reports its own failure, contradicts
 * itself or breaks the contract or the cap. HTML, statuses of 500 and above, and silence come from a service that is down.
 */
function isJudgeFault({ kind, status }: UpstreamError): boolean {
  const nonsense = kind === 'judge-fault' || kind === 'wrong-schema' || kind === 'too-large';
  return nonsense || (kind === 'status' && status !== undefined && REFUSED.includes(status));
}

function evaluationOf(request: JudgingRequest, bundle: ProblemBundle, learner: string): EvaluationRequest {
  const { submissionId, language, code } = request;
  return {
    submission_id: submissionId,
    learner,
    language,
    entry_point: bundle.entry_point,
    code,
    comparison: bundle.comparison,
    signature: bundle.signature,
    tests: request.tests === 'all' ? bundle.tests : bundle.tests.filter(({ hidden }) => !hidden),
  };
}

function judgedOf(response: EvaluationResponse, asked: EvaluationRequest, bundle: ProblemBundle): Judged {
  const { tests, hidden, errorMessage, runtimeMs, engine } = publicResults(response, asked.tests);
  return {
    verdict: response.verdict,
    passed: response.passed,
    total: response.total,
    runtime_ms: runtimeMs,
    memory_mb: response.memory_mb,
    error_message: errorMessage,
    tests,
    hidden,
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
): Extract<Judgement, { ok: false }> {
  ctx.log.warn('evaluation-not-judged', {
    obstacle: name,
    submission_id: submissionId,
    problem_id: problemId,
    ...fields,
  });
  return { ok: false, obstacle: name, judgeFault: false };
}
