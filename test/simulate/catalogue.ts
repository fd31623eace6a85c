import type { ProblemSummary } from '#contract/problem-bank.ts';
import { createCatalogue } from '#services/problem-bank/catalogue.ts';
import { bankFilePaths, loadProblems } from '#services/problem-bank/load.ts';
import { ownProblems } from '#services/problem-bank/problems/index.ts';

/** Enough copies of the own problems for a bank of 2,000, as the design has it. */
const COPIES = 30;

/** Every problem `copies` times under ids of its own: same module, difficulty and topics. */
export function multiply(catalogue: readonly ProblemSummary[], copies: number): ProblemSummary[] {
  if (copies === 1) return [...catalogue];
  return catalogue.flatMap((problem) =>
    Array.from({ length: copies }, (_, copy) => ({
      ...problem,
      problem_id: `${problem.problem_id}.${copy + 1}`,
      equivalence_group: null,
    })),
  );
}

/**
 * The bank that the local problem bank would serve, and its name for a report.
 * @param copies 30 unless bank files are given.
 * @throws Error for a bank file that cannot be read
 */
export async function bankCatalogue(copies?: number): Promise<{ catalogue: ProblemSummary[]; name: string }> {
  const files = bankFilePaths(process.env.PROBLEM_BANK_FILES);
  const bank = createCatalogue(await loadProblems(ownProblems, files));
  const all = { modules: [], difficulties: [], tags: [], limit: bank.size, after: null };
  const times = copies ?? (files.length === 0 ? COPIES : 1);
  const catalogue = multiply(bank.page(all).data, times);
  const name =
    times === 1 ? `a bank of ${bank.size} problems` : `a bank of ${bank.size} problems, each ${times} times`;
  return { catalogue, name };
}
