import { createHash, randomUUID } from 'node:crypto';
import type { EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';
import type { Engine } from './engine.ts';
import { ServiceFault } from './faults.ts';

/** Evaluations remembered, oldest forgotten first. */
const KEPT = 200;

type Entry = {
  id: string;
  key: string | null;
  bodyHash: string;
  result: Promise<EvaluationResponse>;
  done: boolean;
};

/** Runs evaluations and remembers them by id and by idempotency key. */
export function createEvaluations(engine: Engine) {
  const byId = new Map<string, Entry>();
  const byKey = new Map<string, Entry>();

  function forget(entry: Entry): void {
    byId.delete(entry.id);
    if (entry.key !== null) byKey.delete(entry.key);
  }

  function trim(): void {
    for (const entry of byId.values()) {
      if (byId.size <= KEPT) return;
      if (entry.done) forget(entry);
    }
  }

  return {
    /**
     * Starts an evaluation, or finds the one that this key has started before. A fault or an IE is not remembered
     * under its key: the next try runs again.
     * @throws ServiceFault IDEMPOTENCY_KEY_REUSED, QUEUE_FULL.
     */
    start(request: EvaluationRequest, body: string, key: string | null): Entry {
      const bodyHash = createHash('sha256').update(body).digest('hex');
      const known = key === null ? undefined : byKey.get(key);
      if (known !== undefined) {
        if (known.bodyHash === bodyHash) return known;
        throw new ServiceFault(
          'IDEMPOTENCY_KEY_REUSED',
          'This Idempotency-Key came with another body before',
        );
      }
      const id = `ev_${randomUUID()}`;
      const entry: Entry = { id, key, bodyHash, result: engine.evaluate(id, request), done: false };
      byId.set(id, entry);
      if (key !== null) byKey.set(key, entry);
      entry.result.then(
        ({ verdict }) => {
          entry.done = true;
          if (verdict === 'IE' && key !== null) byKey.delete(key);
          trim();
        },
        () => {
          entry.done = true;
          if (key !== null) byKey.delete(key);
          trim();
        },
      );
      return entry;
    },
    /** @throws ServiceFault NOT_FOUND */
    find(id: string): Entry {
      const entry = byId.get(id);
      if (entry === undefined) throw new ServiceFault('NOT_FOUND', 'No such evaluation, or forgotten by now');
      return entry;
    },
  };
}
export type Evaluations = ReturnType<typeof createEvaluations>;
