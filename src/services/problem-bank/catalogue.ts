import { plainArguments } from '#contract/float-tags.ts';
import {
  Problem,
  ProblemBundle,
  type ProblemPage,
  type ProblemRecord,
  ProblemSummary,
} from '#contract/problem-bank.ts';
import { type Difficulty, Module } from '#contract/vocabulary.ts';
import { hashOf } from './canonical.ts';

type Entry = { record: ProblemRecord; summary: ProblemSummary };

/** Where a problem stands in the order of all lists: module (teaching order), difficulty, id. */
export type Position = { module: Module; difficulty: Difficulty; problem_id: string };

/** Empty lists of values filter nothing; several values mean any of them. `limit` is at least 1. */
export type ProblemQuery = {
  modules: readonly Module[];
  difficulties: readonly Difficulty[];
  tags: readonly string[];
  limit: number;
  after: Position | null;
};

const DIFFICULTIES: readonly Difficulty[] = [1, 2, 3, 4, 5];

function compare(a: Position, b: Position): number {
  const modules = Module.options.indexOf(a.module) - Module.options.indexOf(b.module);
  if (modules !== 0) return modules;
  if (a.difficulty !== b.difficulty) return a.difficulty - b.difficulty;
  return a.problem_id === b.problem_id ? 0 : a.problem_id < b.problem_id ? -1 : 1;
}

function chosen<T>(all: readonly T[], wanted: readonly T[]): readonly T[] {
  return wanted.length === 0 ? all : all.filter((value) => wanted.includes(value));
}

/** The public view; parsing strips every field that the contract does not name. */
function toProblem(record: ProblemRecord, contentHash: string): Problem {
  return Problem.parse({
    ...record,
    visible_tests: record.visible_tests.map((test) => ({ ...test, args: plainArguments(test.args) })),
    hidden_test_count: record.hidden_tests.length,
    hint_count: record.hints.length,
    content_hash: contentHash,
  });
}

function toBundle(record: ProblemRecord, contentHash: string): ProblemBundle {
  const tests = [
    ...record.visible_tests.map(({ args, expected }) => ({ hidden: false, args, expected })),
    ...record.hidden_tests.map(({ args, expected }) => ({ hidden: true, args, expected })),
  ].map((test, index) => ({ number: index + 1, ...test }));
  const { comparison, signature } = record;
  return ProblemBundle.parse({
    ...record,
    content_hash: contentHash,
    tests_hash: hashOf({ tests, comparison, signature }),
    tests,
  });
}

/** Index over problems with unique ids, kept in memory: a bucket for each module and difficulty, in list order. */
export function createCatalogue(records: readonly ProblemRecord[]) {
  const entries = records
    .map((record): Entry => {
      const content_hash = hashOf(record);
      return { record, summary: ProblemSummary.parse({ ...record, content_hash }) };
    })
    .toSorted((a, b) => compare(a.summary, b.summary));
  const byId = new Map(entries.map((entry) => [entry.summary.problem_id, entry]));
  const buckets = Map.groupBy(entries, ({ record }) => `${record.module}/${record.difficulty}`);

  return {
    size: entries.length,

    problem(id: string): Problem | null {
      const entry = byId.get(id);
      return entry === undefined ? null : toProblem(entry.record, entry.summary.content_hash);
    },

    /** Hidden tests included: for services that hold the key. */
    bundle(id: string): ProblemBundle | null {
      const entry = byId.get(id);
      return entry === undefined ? null : toBundle(entry.record, entry.summary.content_hash);
    },

    solutions(id: string) {
      const entry = byId.get(id);
      if (entry === undefined) return null;
      const { problem_id, entry_point, reference_solution } = entry.record;
      return { problem_id, entry_point, reference_solution };
    },

    /** One page and the position that the next one starts after, null on the last. */
    page({ modules, difficulties, tags, limit, after }: ProblemQuery): {
      data: ProblemPage['data'];
      next: Position | null;
    } {
      const data: ProblemSummary[] = [];
      for (const module of chosen(Module.options, modules)) {
        for (const difficulty of chosen(DIFFICULTIES, difficulties)) {
          for (const { summary } of buckets.get(`${module}/${difficulty}`) ?? []) {
            if (after !== null && compare(summary, after) <= 0) continue;
            if (tags.length > 0 && !summary.topic_tags.some((tag) => tags.includes(tag))) continue;
            const last = data.at(-1);
            if (data.length === limit && last !== undefined) return { data, next: last };
            data.push(summary);
          }
        }
      }
      return { data, next: null };
    },

    moduleSizes() {
      return Module.options.map((module) => ({
        module,
        problems: DIFFICULTIES.reduce((sum, d) => sum + (buckets.get(`${module}/${d}`)?.length ?? 0), 0),
      }));
    },
  };
}
export type Catalogue = ReturnType<typeof createCatalogue>;
