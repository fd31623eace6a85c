import {
  ModuleSizes,
  Problem,
  ProblemBundle,
  ProblemId,
  ProblemPage,
  type ProblemSummary,
} from '#contract/problem-bank.ts';
import { Module } from '#contract/vocabulary.ts';
import { type Catalogue, loadCatalogue } from './catalogue.ts';
import { createFreshCache, type Load } from './fresh-cache.ts';
import { callJson, type Fetcher, type JsonCall, type Observe, UpstreamError } from './http.ts';

/** Choice of problems: any of the values of each list, all lists together; an absent list allows everything. */
export type ProblemFilter = {
  modules?: readonly Module[];
  difficulties?: readonly number[];
  tags?: readonly string[];
  /** Largest number of summaries wanted. */
  limit?: number;
};

/** Port to the problem bank. Null or an absent key means that the bank does not know the problem. */
export type ProblemBank = {
  /** @throws UpstreamError when the bank fails and no copy of the last 24 h is at hand. */
  get(problemId: string, requestId: string): Promise<Problem | null>;
  /** Hidden tests and hints; for judging and tutoring only. @throws UpstreamError; a copy serves for 10 minutes. */
  bundle(problemId: string, requestId: string): Promise<ProblemBundle | null>;
  /** In the bank's order. @throws UpstreamError as `get`. */
  list(filter: ProblemFilter, requestId: string): Promise<ProblemSummary[]>;
  /** Number of problems in each of the 14 modules, 0 included. @throws UpstreamError as `get`. */
  moduleSizes(requestId: string): Promise<Record<Module, number>>;
  /** Summaries of the problems that exist, by id. @throws UpstreamError as `get`. */
  getMany(problemIds: readonly string[], requestId: string): Promise<Map<string, ProblemSummary>>;
};

export type ProblemBankOptions = {
  fetcher: Fetcher;
  /** Base address without a path. */
  url: string;
  apiKey: string;
  /** Clock in milliseconds. */
  now?: () => number;
  /** Lets loads outlive their request (`waitUntil`); without it a refresh of the catalogue is waited for. */
  background?: (work: Promise<unknown>) => void;
  observe?: Observe;
};

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MIB = 1024 * 1024;
const GET_MS = 3000;
const CATALOGUE_MS = 5000;
/** Up to this many problems are asked for one by one where the catalogue (5 pages today) is not at hand. */
const SINGLE_GETS = 5;

/** Numbered from 1, visible tests first: what a visible one prints must not have seen a hidden one. */
function inOrder(tests: ProblemBundle['tests']): boolean {
  const visible = tests.filter(({ hidden }) => !hidden).length;
  return tests.every(({ number, hidden }, index) => number === index + 1 && hidden === index >= visible);
}

/**
 * Client of the problem bank with this isolate's copies of its answers: given out for 60 s, then checked by ETag;
 * when the bank fails, copies serve on (public data 24 h, bundles 10 min).
 */
export function createProblemBank(options: ProblemBankOptions): ProblemBank {
  const { fetcher, url, apiKey, now = Date.now, background, observe } = options;
  const common = { service: 'problem-bank', now, freshMs: MINUTE, background } as const;
  const publicData = { ...common, deadlineMs: GET_MS, staleMs: DAY };
  const problems = createFreshCache<Problem>({ ...publicData, maxEntries: 500, maxBytes: 8 * MIB });
  const sizes = createFreshCache<ModuleSizes>({ ...publicData, maxEntries: 1, maxBytes: MIB });
  const bundles = createFreshCache<ProblemBundle>({
    ...common,
    deadlineMs: GET_MS,
    staleMs: 10 * MINUTE,
    maxEntries: 200,
    maxBytes: 8 * MIB,
  });
  const catalogues = createFreshCache<Catalogue>({
    ...common,
    deadlineMs: CATALOGUE_MS,
    staleMs: DAY,
    lazyMs: 10 * MINUTE,
    failFastMs: 1000,
    maxEntries: 1,
    maxBytes: 16 * MIB,
  });

  function ask<T>(
    path: string,
    schema: JsonCall<T>['schema'],
    rest: { etag: string | null; requestId: string; deadlineMs: number; capBytes: number; key?: string },
  ) {
    const { etag, key, ...limits } = rest;
    return callJson({
      service: 'problem-bank',
      fetcher,
      url: new URL(path, url).toString(),
      method: 'GET',
      headers: {
        ...(etag === null ? {} : { 'if-none-match': etag }),
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      schema,
      alsoExpected: etag === null ? [404] : [304, 404],
      attempts: 2,
      observe,
      ...limits,
    });
  }

  /** Load of one resource that carries its own ETag. */
  function one<T>(
    path: string,
    schema: JsonCall<T>['schema'],
    rest: { requestId: string; capBytes: number; key?: string; believe?: (value: T) => boolean },
  ): Load<T> {
    const { believe, ...limits } = rest;
    return async (copy, deadlineMs) => {
      const answer = await ask(path, schema, { ...limits, etag: copy?.etag ?? null, deadlineMs });
      if (!answer.ok) return answer.status === 304 ? 'same' : null;
      if (believe?.(answer.value) === false)
        throw new UpstreamError('problem-bank', 'wrong-schema', { rule: 'another-problem' });
      return answer;
    };
  }

  async function catalogue(requestId: string): Promise<Catalogue> {
    const found = await catalogues.read('all', async (copy, deadlineMs) => {
      const until = performance.now() + deadlineMs;
      const loaded = await loadCatalogue(async (query, etag) => {
        const left = Math.max(1, Math.round(until - performance.now()));
        const answer = await ask(`/v1/problems?${query}`, ProblemPage, {
          etag,
          requestId,
          deadlineMs: left,
          capBytes: 2 * MIB,
        });
        if (!answer.ok && answer.status !== 304)
          throw new UpstreamError('problem-bank', 'status', { status: answer.status });
        return answer;
      }, copy?.value);
      return loaded === copy?.value ? 'same' : { value: loaded, etag: null, bytes: loaded.bytes };
    });
    if (found === null) throw new UpstreamError('problem-bank', 'status', { status: 404 });
    return found;
  }

  async function get(problemId: string, requestId: string): Promise<Problem | null> {
    if (!ProblemId.safeParse(problemId).success) return null;
    const believe = (problem: Problem) => problem.problem_id === problemId;
    return problems.read(
      problemId,
      one(`/v1/problems/${problemId}`, Problem, { requestId, capBytes: MIB, believe }),
    );
  }

  return {
    get,
    async bundle(problemId, requestId) {
      if (!ProblemId.safeParse(problemId).success) return null;
      const path = `/internal/v1/problems/${problemId}/bundle`;
      const believe = (bundle: ProblemBundle) => bundle.problem_id === problemId && inOrder(bundle.tests);
      return bundles.read(
        problemId,
        one(path, ProblemBundle, { requestId, capBytes: 8 * MIB, key: apiKey, believe }),
      );
    },
    async list({ modules, difficulties, tags, limit }, requestId) {
      const { problems: all } = await catalogue(requestId);
      return all
        .filter(
          (problem) =>
            (modules === undefined || modules.includes(problem.module)) &&
            (difficulties === undefined || difficulties.includes(problem.difficulty)) &&
            (tags === undefined || problem.topic_tags.some((tag) => tags.includes(tag))),
        )
        .slice(0, limit);
    },
    async moduleSizes(requestId) {
      const found = await sizes.read('all', one('/v1/modules', ModuleSizes, { requestId, capBytes: MIB }));
      if (found === null) throw new UpstreamError('problem-bank', 'status', { status: 404 });
      const counted = new Map(found.data.map(({ module, problems: count }) => [module, count]));
      return Object.fromEntries(Module.options.map((module) => [module, counted.get(module) ?? 0])) as Record<
        Module,
        number
      >;
    },
    async getMany(problemIds, requestId) {
      const ids = [...new Set(problemIds)];
      if (ids.length <= SINGLE_GETS && !catalogues.holds('all')) {
        const found = await Promise.all(ids.map((id) => get(id, requestId)));
        return new Map(
          found.filter((problem) => problem !== null).map((problem) => [problem.problem_id, problem]),
        );
      }
      const { byId } = await catalogue(requestId);
      const known = new Map<string, ProblemSummary>();
      for (const id of ids) {
        const problem = byId.get(id);
        if (problem !== undefined) known.set(id, problem);
      }
      return known;
    },
  };
}
