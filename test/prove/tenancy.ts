import { startLanes } from './kit/lanes.ts';
import type { Mutant, Proof, Report } from './module.ts';
import { TENANCY_BUGS } from './mutants/tenancy.ts';
import { matrix } from './tenancy/matrix.ts';

export const proof: Proof = {
  name: 'tenancy',
  seconds: 15,
  async run(): Promise<Report> {
    const started = Date.now();
    const { lanes, close } = await startLanes(1);
    try {
      const [lane] = lanes;
      if (lane === undefined) throw new Error('no lane');
      const { cells, problems } = await matrix(lane);
      const seconds = (Date.now() - started) / 1000;
      const violations = problems.map(({ what, problem }) => ({
        what: `${what}: ${problem}`,
        replay: 'npm run prove -- tenancy',
      }));
      const mutants: Mutant[] = [];
      for (const { name, mutation } of TENANCY_BUGS) {
        const [first] = (await matrix(lane, mutation)).problems;
        mutants.push({ name, caught: first === undefined ? null : `${first.what}: ${first.problem}` });
      }
      const row = {
        name: 'routes x learners x ids',
        runs: cells,
        faults: {},
        violations: problems.length,
        seconds,
      };
      return { rows: [row], violations, mutants, seconds: (Date.now() - started) / 1000 };
    } finally {
      await close();
    }
  },
};
