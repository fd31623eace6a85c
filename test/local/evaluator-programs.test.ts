import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { EvaluationResponse } from '#contract/evaluator.ts';
import { Signature } from '#contract/problem-bank.ts';
import { Language, Verdict } from '#contract/vocabulary.ts';
import { startEvaluator } from '../../src/local/evaluator/index.ts';
import type { RunningService } from '../../src/local/kit/service.ts';

/** Programs kept beside the checkout; a clone may lack them. */
const FOLDER = fileURLToPath(new URL('../../../shared/evaluation', import.meta.url));
/** The port that the hostile programs try to reach. */
const LISTENER_PORT = 18_787;
const TIMEOUT_MS = 180_000;

const Program = z.object({
  id: z.string(),
  language: Language,
  entry_point: z.string(),
  code: z.string(),
  compare: z.object({ mode: z.literal('exact') }).optional(),
  signature: Signature.optional(),
  tests: z.array(z.object({ args: z.array(z.json()), expected: z.json(), hidden: z.boolean() })),
  expected_verdict: z.union([Verdict.transform((verdict) => [verdict]), z.array(Verdict)]),
});
type Program = z.infer<typeof Program>;

function programs(kind: 'benign' | 'hostile'): Program[] {
  const folder = `${FOLDER}/${kind}`;
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.toSorted().map((name) => Program.parse(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))));
}

let service: RunningService;
let connections = 0;
const listener = createServer((socket) => {
  connections += 1;
  socket.end('REACHED');
});

beforeAll(async () => {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(LISTENER_PORT, '127.0.0.1', resolve);
  });
  service = await startEvaluator({ apiKey: 'k', slots: 2 });
});
afterAll(async () => {
  await service.close();
  await new Promise((resolve) => listener.close(resolve));
});

async function run(program: Program) {
  const { id, language, entry_point, code, signature = null } = program;
  const tests = program.tests.map((one, i) => ({ ...one, number: i + 1 }));
  const body = { submission_id: id, language, entry_point, code, comparison: 'exact', signature, tests };
  const response = await fetch(`${service.url}/v1/evaluations`, {
    method: 'POST',
    headers: { authorization: 'Bearer k' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return EvaluationResponse.parse(await response.json());
}

describe.skipIf(!existsSync(FOLDER))(
  'programs of ../shared/evaluation (skipped when that folder is missing)',
  () => {
    test.concurrent.each(programs('benign'))(
      'benign $id gets its verdict',
      { timeout: TIMEOUT_MS },
      async (program) => {
        expect(program.expected_verdict).toContain((await run(program)).verdict);
      },
    );

    test.concurrent.each(programs('hostile'))(
      'hostile $id is contained',
      { timeout: TIMEOUT_MS },
      async (program) => {
        const result = await run(program);
        expect(program.expected_verdict).toContain(result.verdict);
        for (const hidden of result.tests.filter((one) => one.hidden)) {
          expect(Object.keys(hidden).toSorted()).toEqual(['hidden', 'number', 'verdict']);
        }
        const text = JSON.stringify(result);
        expect(text).not.toMatch(/root:x|REACHED|HIDDEN -?\d/);
        expect(connections).toBe(0);
        const health = await fetch(`${service.url}/health`);
        expect(health.status).toBe(200);
      },
    );
  },
);
