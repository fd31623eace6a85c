import type { ProblemPage, ProblemSummary } from '#contract/problem-bank.ts';
import { type JsonAnswer, UpstreamError } from './http.ts';

/** One page as the bank gave it, under the cursor that asks for it. */
type Page = { cursor: string | null; etag: string | null; bytes: number; page: ProblemPage };

/** All summaries of the bank in its order, and the pages that they came from. */
export type Catalogue = {
  pages: readonly Page[];
  problems: readonly ProblemSummary[];
  byId: ReadonlyMap<string, ProblemSummary>;
  bytes: number;
};

/** Problems on one page; the bank allows no more. */
const PAGE_SIZE = 500;
/** 20,000 problems; a bank that goes on after that is mistaken or hostile. */
const MOST_PAGES = 40;

/** Asks the bank for one page; `etag` of the page known before, so that an unchanged one costs no body. */
export type GetPage = (query: string, etag: string | null) => Promise<JsonAnswer<ProblemPage>>;

/**
 * Walks through the whole catalogue, taking every page that has not changed from `known`. Answers `known` itself
 * when nothing has changed.
 * @throws UpstreamError
 */
export async function loadCatalogue(getPage: GetPage, known?: Catalogue): Promise<Catalogue> {
  const pages: Page[] = [];
  for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
    if (pages.length === MOST_PAGES || pages.some((page) => page.cursor === cursor))
      throw new UpstreamError('problem-bank', 'wrong-schema', { rule: 'endless-catalogue' });
    const before: Page | undefined = known?.pages.find((page) => page.cursor === cursor);
    const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor === null ? {} : { cursor }) });
    const answer = await getPage(query.toString(), before?.etag ?? null);
    const page: Page | undefined = answer.ok
      ? { cursor, etag: answer.etag, bytes: answer.bytes, page: answer.value }
      : before;
    if (page === undefined) throw new UpstreamError('problem-bank', 'status', { status: 304 });
    pages.push(page);
    cursor = page.page.next_cursor;
  }
  if (
    known !== undefined &&
    pages.length === known.pages.length &&
    pages.every((p, i) => p === known.pages[i])
  )
    return known;
  const byId = new Map(
    pages.flatMap(({ page }) => page.data.map((problem) => [problem.problem_id, problem])),
  );
  const bytes = pages.reduce((sum, page) => sum + page.bytes, 0);
  return { pages, byId, problems: [...byId.values()], bytes };
}
