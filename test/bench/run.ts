import { benchAll } from './all.ts';
import { benchEvaluator } from './evaluator.ts';
import { benchExports } from './exports.ts';
import { benchFairness } from './fairness.ts';
import { benchJudgeLoad } from './judge-load.ts';
import { benchLanguages } from './languages.ts';
import { benchLog } from './log.ts';
import { benchPrograms } from './programs.ts';
import { benchReads } from './reads.ts';
import { benchReviews } from './reviews.ts';
import { benchSizes } from './sizes.ts';
import { benchSse } from './sse.ts';
import { benchStatements } from './statements.ts';
import { benchTimeline } from './timeline.ts';
import { benchWorker } from './worker.ts';

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  log: benchLog,
  reads: benchReads,
  exports: benchExports,
  reviews: benchReviews,
  sizes: benchSizes,
  sse: benchSse,
  evaluator: benchEvaluator,
  fairness: benchFairness,
  'judge-load': benchJudgeLoad,
  languages: benchLanguages,
  programs: benchPrograms,
  statements: benchStatements,
  timeline: benchTimeline,
  worker: benchWorker,
  all: benchAll,
};

const name = process.argv[2] ?? '';
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`usage: npm run bench -- <${Object.keys(BENCHES).join('|')}>\n`);
  process.exitCode = 2;
} else {
  await bench();
}
