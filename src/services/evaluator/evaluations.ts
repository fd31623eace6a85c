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
  /** Takes it out of the queue, or kills its child. */
  cancel: AbortController;
  /** Resolves when nothing of it waits or runs any more. */
  over: Promise<void>;
  /** Callers that wait for the answer. */
  callers: number;
  /** Somebody means to fetch the answer later: it goes on although no caller waits. */
  kept: boolean;
};

/** Runs evaluations and remembers them by id and by idempotency key. */
export function createEvaluations(engine: Engine) {
  const byId = new Map<string, Entry>();
  const byKey = new Map<string, Entry>();
  /** Cancelled, and not dead yet: who asks about such a key has to wait. */
  const dying = new Map<string, Promise<void>>();
  let kept = 0;

  function forget(entry: Entry): void {
    byId.delete(entry.id);
    if (entry.key !== null && byKey.get(entry.key) === entry) byKey.delete(entry.key);
    kept -= entry.length ?? 0;
  }

  function settle(entry: Entry, length: number, repeatable: boolean): void {
    entry.length = length;
    kept += length;
    if (repeatable && entry.key !== null && byKey.get(entry.key) === entry) byKey.delete(entry.key);
    for (const old of byId.values()) {
      if (byId.size <= KEPT && kept <= KEPT_LENGTH) return;
      if (old.length !== null) forget(old);
    }
  }

  /** Ends an entry. The next try under its key runs again, however long the child takes to die. */
  function abort(entry: Entry): void {
    entry.cancel.abort();
    const { key, over } = entry;
    if (key === null || byKey.get(key) !== entry) return;
    byKey.delete(key);
    dying.set(key, over);
    void over.then(() => {
      if (dying.get(key) === over) dying.delete(key);
    });
  }

  return {
    /**
     * Starts an evaluation, or finds the one that this key has started before. A fault or an IE is not remembered
     * under its key: the next try runs again.
     * @throws ServiceFault IDEMPOTENCY_KEY_REUSED, QUEUE_FULL, NOT_READY; the answer rejects with NOT_READY, CANCELLED.
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
      const cancel = new AbortController();
      const running = engine.evaluate(id, request, cancel.signal);
      const answer = running.then((result) => JSON.stringify(result));
      const over = running.then(
        () => {},
        () => {},
      );
      const entry: Entry = {
        ...{ id, key, bodyHash, answer, cancel, over },
        ...{ length: null, callers: 0, kept: false },
      };
      byId.set(id, entry);
      if (key !== null) byKey.set(key, entry);
      Promise.all([running, answer]).then(
        ([{ verdict }, text]) => settle(entry, text.length, verdict === 'IE'),
        () => settle(entry, 0, true),
      );
      return entry;
    },
    /** A caller that will ask for the answer later. */
    keep(entry: Entry): void {
      entry.kept = true;
    },
    /**
     * A caller that waits for the answer until it leaves; the last one that leaves takes the evaluation with it, unless
     * somebody means to fetch the answer later.
     * @returns what to call when the caller has left.
     */
    join(entry: Entry): () => void {
      entry.callers += 1;
      let here = true;
      return () => {
        if (!here) return;
        here = false;
        entry.callers -= 1;
        if (entry.callers === 0 && !entry.kept && entry.length === null) abort(entry);
      };
    },
    /** Ends what waits or runs by that id or under that key; whether there was any. It is dead when this resolves. */
    async cancel(name: { id: string } | { key: string }): Promise<boolean> {
      const entry = 'id' in name ? byId.get(name.id) : byKey.get(name.key);
      const dies = 'key' in name ? dying.get(name.key) : undefined;
      const lives = entry !== undefined && entry.length === null;
      if (lives) abort(entry);
      await Promise.all([dies, lives ? entry.over : undefined]);
      return lives || dies !== undefined;
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
