import * as z from 'zod';
import { Comparison, Json, Signature } from './problem-bank.ts';
import { Language, TestVerdict, Verdict } from './vocabulary.ts';

/** `POST /v1/evaluations` of the evaluation service; `Authorization: Bearer`, `Idempotency-Key` optional. */
export const EvaluationRequest = z.object({
  submission_id: z.string().min(1).max(100),
  /** Pseudonym of the learner, for a fair queue only; requests without one count as those of one learner. */
  learner: z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,64}$/)
    .optional(),
  language: Language,
  entry_point: z.string().regex(/^[A-Za-z_$][\w$]{0,99}$/),
  code: z.string().max(65_536),
  comparison: Comparison,
  signature: Signature.nullable(),
  limits: z
    .object({
      /** CPU milliseconds for one test. */
      time_ms: z.int().min(100).max(5000).optional(),
      /** Mebibytes of the language engine's heap. */
      memory_mb: z.int().min(64).max(512).optional(),
    })
    .optional(),
  /** Stop at the first test that is not accepted; the rest is SK. */
  fail_fast: z.boolean().optional(),
  tests: z
    .array(z.object({ number: z.int().min(1), hidden: z.boolean(), args: z.array(Json), expected: Json }))
    .min(1)
    .max(200),
});
export type EvaluationRequest = z.infer<typeof EvaluationRequest>;

/** What went wrong while the learner's code ran; texts are untrusted and only given for visible tests. */
export const ProgramError = z.object({
  type: z.string().max(80),
  message: z.string().max(2000).nullable(),
  line: z.int().min(1).nullable(),
});
export type ProgramError = z.infer<typeof ProgramError>;

/**
 * Result of a visible test, in full, printed text included whatever the verdict. What the program printed while it
 * loaded is in the first one, also where loading failed and the test was not run. `actual` may hold tagged values
 * (`{"$t": ...}`) that JSON cannot express.
 */
export const VisibleTestResult = z.object({
  number: z.int().min(1),
  hidden: z.literal(false),
  verdict: TestVerdict,
  args: z.array(Json),
  expected: Json,
  actual: Json.optional(),
  stdout: z.string().max(65_536),
  stdout_truncated: z.boolean(),
  error: ProgramError.nullable(),
  runtime_ms: z.number().min(0),
});
export type VisibleTestResult = z.infer<typeof VisibleTestResult>;

/** Result of a hidden test: its number and its verdict, nothing else. */
export const HiddenTestResult = z.object({
  number: z.int().min(1),
  hidden: z.literal(true),
  verdict: TestVerdict,
});
export type HiddenTestResult = z.infer<typeof HiddenTestResult>;

export const TestResult = z.discriminatedUnion('hidden', [VisibleTestResult, HiddenTestResult]);
export type TestResult = z.infer<typeof TestResult>;

/** Answer of the evaluation service. A failing submission is still HTTP 200. */
export const EvaluationResponse = z.object({
  evaluation_id: z.string().min(1).max(100),
  submission_id: z.string().min(1).max(100),
  /** First verdict in test order that is not AC, or AC. */
  verdict: Verdict,
  passed: z.int().min(0),
  total: z.int().min(1),
  /** CPU milliseconds of the visible tests together, rounded to 5. */
  runtime_ms: z.number().min(0),
  /** High-water mark of the engine's heap in the visible tests, in MiB (Python: interpreter included). */
  memory_mb: z.number().min(0),
  /** Number of the first test that is not accepted. */
  first_failed: z.int().min(1).nullable(),
  /** Failure outside any test: compile error, error while the module loads, judge fault. */
  error: ProgramError.nullable(),
  tests: z.array(TestResult),
  engine: z.object({ name: z.string(), version: z.string(), language_version: z.string() }),
});
export type EvaluationResponse = z.infer<typeof EvaluationResponse>;

/** Answer to `?wait=false`, and to `GET /v1/evaluations/{id}` while the evaluation runs: 202 with Retry-After. */
export const EvaluationAccepted = z.object({ evaluation_id: z.string().min(1).max(100) });
export type EvaluationAccepted = z.infer<typeof EvaluationAccepted>;

/** Answer of `DELETE /v1/evaluations`: whether something waited or ran; it is dead when the answer comes. */
export const EvaluationCancelled = z.object({ cancelled: z.boolean() });
export type EvaluationCancelled = z.infer<typeof EvaluationCancelled>;

const Stock = z.object({
  warm: z.int().min(0),
  booting: z.int().min(0),
  /** How many are kept warm when nothing happens. */
  wanted: z.int().min(0),
});

/** `GET /health` of the evaluation service, without a key: 200 when it takes submissions, else 503. */
export const EvaluatorHealth = z.object({
  ok: z.boolean(),
  /** null until the first children have been started. */
  pool: z.object({ python: Stock, javascript: Stock, processes: z.int().min(0) }).nullable(),
  queue: z.object({
    running: z.int().min(0),
    /** Runs that wait without using the processor; they have given their slots up. */
    parked: z.int().min(0),
    waiting: z.int().min(0),
    slots: z.int().min(1),
    cap: z.int().min(0),
  }),
  versions: z.object({
    node: z.string(),
    pyodide: z.string(),
    python: z.string(),
    v8: z.string(),
    /** File name of the Python image in use. */
    image: z.string().nullable(),
  }),
  /** What time limits are measured by: processor time where the platform tells it. */
  clock: z.enum(['cpu', 'wall']).nullable(),
  /** Walls between a submission and the machine that are up. */
  walls: z.array(z.string()),
  /** Walls and comforts that this platform, or the rights of the service, do not give. */
  lacks: z.array(z.string()),
});
export type EvaluatorHealth = z.infer<typeof EvaluatorHealth>;
