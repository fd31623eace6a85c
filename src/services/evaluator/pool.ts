import { Language } from '#contract/vocabulary.ts';
import type { Container } from './bubblewrap.ts';
import { ServiceFault } from './faults.ts';
import type { Clock } from './process-stats.ts';
import { sandboxCommand } from './sandbox-command.ts';
import { type Sandbox, startSandbox } from './sandbox-process.ts';
import type { Snapshot } from './snapshot.ts';

/** Failed boots in a row after which the pool counts as broken. */
const BROKEN_AFTER = 3;
/** The stock is filled up when a run has ended, at the latest after this time. */
const REFILL_AFTER_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** User ids nobody owns (the range systemd gives to short-lived services); every child gets another one. */
const FIRST_UID = 61_184;
const UIDS = 4000;

export type Spares = Record<Language, number>;
type Spare = { sandbox: Sandbox; warm: boolean };
type PoolOptions = {
  clock: Clock;
  snapshot: Snapshot;
  /** Every child under a user id of its own. */
  ownUid: boolean;
  /** What every child runs in; null without bubblewrap. */
  container: Container | null;
  light: boolean;
  spares: Spares;
  /** Told of every child that did not come up. */
  onFailedBoot(language: Language): void;
};

let uidsGiven = 0;
/** Another user id on every call, so that no child can signal this process or another child. */
export function freshUid(): number {
  uidsGiven += 1;
  return FIRST_UID + (uidsGiven % UIDS);
}

type BootOptions = {
  clock: Clock;
  uid: number | null;
  background: boolean;
  light: boolean;
  container: Container | null;
};

/** Starts a child for a language; only Python boots from an image. */
export function bootSandbox(
  language: Language,
  snapshot: Snapshot,
  { container, ...rest }: BootOptions,
): Sandbox {
  const image = language === 'python' ? snapshot : null;
  const plain = sandboxCommand(language);
  const command = container === null ? plain : container.contain(plain);
  return startSandbox({ command, snapshot: image, ...rest });
}

/** Whether a child comes up before it is not wanted any more. */
async function cameUp(ready: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const giveUp = () => resolve(false);
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  const came = await Promise.race([ready, promise]);
  signal.removeEventListener('abort', giveUp);
  return came;
}

/** Keeps booted children in stock: a submission never waits for an engine to start unless the stock is empty. */
export function createPool(options: PoolOptions) {
  const { clock, snapshot, ownUid, container, light, spares, onFailedBoot } = options;
  const stock: Record<Language, Spare[]> = { python: [], javascript: [] };
  const alive = new Set<Sandbox>();
  let failures = 0;
  let closing = false;
  let retry: NodeJS.Timeout | undefined;

  function boot(language: Language, background: boolean): Sandbox {
    const uid = ownUid ? freshUid() : null;
    const sandbox = bootSandbox(language, snapshot, { clock, uid, background, light, container });
    alive.add(sandbox);
    // `closed` never rejects.
    void sandbox.closed.then(() => alive.delete(sandbox));
    return sandbox;
  }

  function killAll(): void {
    for (const sandbox of alive) sandbox.kill();
  }

  function addSpare(language: Language): void {
    const spare: Spare = { sandbox: boot(language, true), warm: false };
    stock[language].push(spare);
    const settle = (came: boolean) => {
      if (came) {
        spare.warm = true;
        failures = 0;
      } else if (!closing) {
        failures += 1;
        onFailedBoot(language);
      }
    };
    void spare.sandbox.ready.then(settle);
    void spare.sandbox.closed.then(() => {
      const place = stock[language].indexOf(spare);
      if (place < 0) return;
      stock[language].splice(place, 1);
      refillLater();
    });
  }

  function refillLater(): void {
    clearTimeout(retry);
    if (!closing) retry = setTimeout(refill, Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures));
  }

  function refill(): void {
    if (closing) return;
    try {
      for (const language of Language.options) {
        while (stock[language].length < spares[language]) addSpare(language);
      }
    } catch {
      failures += 1; // the system refuses new processes just now; /health shows it when it lasts
      refillLater();
    }
  }

  process.once('exit', killAll);
  refill();

  return {
    /** Resolves when every spare is up or has failed: whether all are up. */
    async filled(): Promise<boolean> {
      const spareList = Language.options.flatMap((language) => stock[language]);
      return (await Promise.all(spareList.map(({ sandbox }) => sandbox.ready))).every((up) => up);
    },
    isBroken: () => failures >= BROKEN_AFTER || closing,
    isClosing: () => closing,
    /**
     * Hands over a child nobody has used; the taker kills it.
     * @throws ServiceFault NOT_READY when it does not boot, CANCELLED when `signal` says so meanwhile and it is dead.
     */
    async take(language: Language, signal: AbortSignal): Promise<Sandbox> {
      const usable = stock[language].filter((spare) => !spare.sandbox.isOver());
      const spare = usable.find(({ warm }) => warm) ?? usable[0];
      if (spare !== undefined) stock[language].splice(stock[language].indexOf(spare), 1);
      const sandbox = spare?.sandbox ?? boot(language, false);
      sandbox.weigh('run');
      // Starting a process takes processor time that this run needs first; a long run must not delay it for ever.
      setTimeout(refill, REFILL_AFTER_MS).unref();
      void sandbox.closed.then(refill);
      if (await cameUp(sandbox.ready, signal)) return sandbox;
      sandbox.kill();
      if (signal.aborted) {
        await sandbox.closed;
        throw new ServiceFault('CANCELLED', 'The evaluation was cancelled');
      }
      failures += 1;
      onFailedBoot(language);
      throw new ServiceFault('NOT_READY', `The ${language} engine did not start`, 2);
    },
    status: () => {
      const count = (language: Language) => ({
        warm: stock[language].filter(({ warm, sandbox }) => warm && !sandbox.isOver()).length,
        booting: stock[language].filter(({ warm }) => !warm).length,
        wanted: spares[language],
      });
      return { python: count('python'), javascript: count('javascript'), processes: alive.size };
    },
    /** Kills every child and waits until the last is gone. */
    async close(): Promise<void> {
      closing = true;
      clearTimeout(retry);
      process.removeListener('exit', killAll);
      killAll();
      await Promise.all([...alive].map((sandbox) => sandbox.closed));
    },
  };
}
export type Pool = ReturnType<typeof createPool>;
