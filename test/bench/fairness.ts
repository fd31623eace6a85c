import { EvaluationRequest, EvaluationResponse, EvaluatorHealth } from '#contract/evaluator.ts';
import type { Language } from '#contract/vocabulary.ts';
import { startEvaluator } from '../../src/services/evaluator/index.ts';
import { CODE, middle, noise, quantile, tell } from './evaluator-kit.ts';
import { say } from './kit.ts';

const SECONDS = 120;
const EVERY_MS = 5000;
/** At the same time, as many as a learner may have. */
const AT_ONCE = 2;
/** Milliseconds that the Worker waits for an answer. */
const PATIENCE_MS = 30_000;

type Hostile = { language: Language; code: string };
const HOSTILE: Record<string, Hostile> = {
  burner: { language: 'javascript', code: 'function solve() { for (;;); }' },
  sleeper: { language: 'python', code: 'import time\ndef solve(*_):\n    time.sleep(60)\n' },
  // A little work between the pauses of many tests.
  dozer: {
    language: 'python',
    code: 'import time\ndef solve(*_):\n    time.sleep(0.25)\n    sum(range(300_000))\n',
  },
};

function request(learner: string, { language, code }: Hostile, tests: number): EvaluationRequest {
  return EvaluationRequest.parse({
    ...{ submission_id: 'bench', learner, language, entry_point: 'solve', code },
    ...{ comparison: 'exact', signature: null, limits: { time_ms: 5000 } },
    tests: Array.from({ length: tests }, (_, i) => ({
      number: i + 1,
      hidden: false,
      args: [[1, 2], 3],
      expected: [0, 1],
    })),
  });
}

/** An evaluation as the Worker asks for it: it leaves after 30 s. Null for anything but an answer. */
async function evaluate(url: string, body: EvaluationRequest): Promise<EvaluationResponse | null> {
  const init = { method: 'POST', headers: { authorization: 'Bearer bench' }, body: JSON.stringify(body) };
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${url}/v1/evaluations`, { ...init, signal });
    return response.ok ? EvaluationResponse.parse(await response.json()) : null;
  } catch {
    return null;
  }
}

async function attack(url: string, name: string, what: Hostile, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const answer = await evaluate(url, request(`hostile-${name}`, what, 100));
    // A refused one is sent again as fast as Retry-After allows at most.
    if (answer === null) await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Three hostile accounts at full tilt, and one learner who submits every 5 s for two minutes. */
export async function benchFairness(): Promise<void> {
  say(noise());
  const service = await startEvaluator({ apiKey: 'bench' });
  const stop = new AbortController();
  const attacks = Object.entries(HOSTILE).flatMap(([name, what]) =>
    Array.from({ length: AT_ONCE }, () => attack(service.url, name, what, stop.signal)),
  );
  const honest: Promise<{ ms: number; verdict: string }>[] = [];
  for (let at = 0; at < SECONDS * 1000; at += EVERY_MS) {
    const began = performance.now();
    const language = honest.length % 2 === 0 ? 'python' : 'javascript';
    const body = request('honest-learner', { language, code: CODE[language] }, 20);
    honest.push(
      evaluate(service.url, body).then((answer) => ({
        ms: performance.now() - began,
        verdict: answer?.verdict ?? 'lost',
      })),
    );
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  const answers = await Promise.all(honest);
  stop.abort();
  await Promise.all(attacks);
  const seconds = answers.map(({ ms }) => ms / 1000);
  tell('honest submission, p50', middle(seconds), 's');
  tell('honest submission, p95', quantile(seconds, 0.95), 's', { most: 10 });
  tell('honest submission, longest', Math.max(...seconds), 's');
  tell('of these lost or wrong', answers.filter(({ verdict }) => verdict !== 'AC').length, '', { most: 0 });
  // Those whose caller has just left are being killed.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const { queue } = EvaluatorHealth.parse(await (await fetch(`${service.url}/health`)).json());
  tell('left in the queue and in slots', queue.running + queue.parked + queue.waiting, '', { most: 0 });
  await service.close();
  say(noise());
}
