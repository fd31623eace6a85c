import { createHash, randomUUID } from 'node:crypto';
import type { EvaluationRequest } from '#contract/evaluator.ts';
import type { Engine } from './engine.ts';
import { ServiceFault } from './faults.ts';

/** Answers remembered, and characters of them; the oldest are forgotten first. */
const KEPT = 200;
const KEPT_LENGTH = 64 * 1_048_576;

type Entry = {
  id: string;
  key: string | null;
  bodyHash: string;
  /** The answer as JSON text. */
  answer: Promise<string>;
  /** Its length; null while it is not there yet. */
  length: number | null;
};

/** Runs evaluations and remembers them by id and by idempotency key. */
export function createEvaluations(engine: Engine) {
  const byId = new Map<string, Entry>();
  const byKey = new Map<string, Entry>();
  let kept = 0;

  function forget(entry: Entry): void {
    byId.delete(entry.id);
    if (entry.key !== null && byKey.get(entry.key) === entry) byKey.delete(entry.key);
    kept -= entry.length ?? 0;
  }

  function settle(entry: Entry, length: number, repeatable: boolean): void {
    entry.length = length;
    kept += length;
    if (repeatable && entry.key !== null) byKey.delete(entry.key);
    for (const old of byId.values()) {
      if (byId.size <= KEPT && kept <= KEPT_LENGTH) return;
      if (old.length !== null) forget(old);
    }
  }

  return {
    /**
     * Starts an evaluation, or finds the one that this key has started before. A fault or an IE is not remembered
     * under its key: the next try runs again.
     * @throws ServiceFault IDEMPOTENCY_KEY_REUSED, QUEUE_FULL, NOT_READY.
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
      const running = engine.evaluate(id, request);
      const answer = running.then((result) => JSON.stringify(result));
      const entry: Entry = { id, key, bodyHash, answer, length: null };
      byId.set(id, entry);
      if (key !== null) byKey.set(key, entry);
      Promise.all([running, answer]).then(
        ([{ verdict }, text]) => settle(entry, text.length, verdict === 'IE'),
        () => settle(entry, 0, true),
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
