import { createServer } from 'node:net';
import { labelOf, SERVICES, type ServiceId } from '#contract/services.ts';
import { stopOrphan } from '#services/neon/index.ts';
import { bankFilePaths } from '#services/problem-bank/load.ts';
import { HOME, type Ports, portsFrom } from './checkout.ts';
import { databaseFolder, type RunningServices, startServices } from './services.ts';
import { endOldWorker, type RunningWorker, startWorker } from './worker-process.ts';
import { workerVarsFrom } from './worker-vars.ts';

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(true));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(false)));
  });
}

async function takenPorts(ports: Ports): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(ports).map(async ([id, port]) => {
      const name = id in SERVICES ? labelOf(id as ServiceId) : id;
      return (await isTaken(port)) ? `${port} (${name})` : null;
    }),
  );
  return found.filter((entry) => entry !== null);
}

export type StackOptions = {
  base: number;
  fresh?: boolean;
  onStep?: (step: string) => void;
  onComplaint?: (line: string) => void;
};

export type Stack = { worker: RunningWorker; services: RunningServices; close(): Promise<void> };

/** Reads an OpenAI-compatible upstream for the tutor; all three variables or none. */
function tutorUpstream() {
  const { TUTOR_UPSTREAM_URL: url, TUTOR_UPSTREAM_KEY: key, TUTOR_UPSTREAM_MODEL: model } = process.env;
  if (!url) return undefined;
  if (!key || !model) throw new Error('TUTOR_UPSTREAM_URL needs TUTOR_UPSTREAM_KEY and TUTOR_UPSTREAM_MODEL');
  return { url, key, model };
}

/**
 * Starts the whole product on this machine: services, then the Worker. Reads DATABASE_URL, PROBLEM_BANK_FILES,
 * TUTOR_UPSTREAM_* and the Worker's own variables from the environment.
 * @throws Error naming every port that is taken, or every variable that the Worker would refuse.
 */
export async function startStack({ base, fresh = false, onStep, onComplaint }: StackOptions): Promise<Stack> {
  const ports = portsFrom(base);
  const vars = workerVarsFrom(process.env);
  endOldWorker(HOME);
  await stopOrphan(databaseFolder(HOME));
  const taken = await takenPorts(ports);
  if (taken.length > 0) {
    throw new Error(
      `taken: port ${taken.join(', ')}. Stop what runs there, or move everything: PORT=9000 npm run dev`,
    );
  }
  const services = await startServices({
    ports,
    home: HOME,
    controls: 'keyed',
    vars,
    fresh,
    databaseUrl: process.env.DATABASE_URL || undefined,
    bankFiles: bankFilePaths(process.env.PROBLEM_BANK_FILES),
    tutorUpstream: tutorUpstream(),
    ...(onStep === undefined ? {} : { onStep }),
  });
  try {
    onStep?.('worker');
    const worker = await startWorker({
      port: ports.worker,
      home: HOME,
      vars: services.vars,
      ...(onComplaint === undefined ? {} : { onComplaint }),
    });
    return {
      worker,
      services,
      async close() {
        await worker.close();
        await services.close();
      },
    };
  } catch (error) {
    await services.close();
    throw error;
  }
}
