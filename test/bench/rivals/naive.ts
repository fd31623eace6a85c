import { neon, neonConfig } from '@neondatabase/serverless';
import { and, asc, desc, eq, gt, inArray, isNull, lt, lte, notInArray, or, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/neon-http';
import { Hono } from 'hono';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { ListTasks } from '#contract/history.ts';
import type { ReviewLog, ReviewState } from '#contract/learning.ts';
import type { TaskStatus } from '#contract/vocabulary.ts';
import { calendarOfRule, lastDayOf } from '#domain/calendar.ts';
import { masteryLevel } from '#domain/learning/mastery.ts';
import * as progress from '#domain/progress/figures.ts';
import { type CalendarFact, calendarsOf, presentCalendar } from '#domain/progress/practice.ts';
import { reviewFigures } from '#domain/reviews/figures.ts';
import { globalFetcher } from '#worker/clients/http.ts';
import { createProblemBank } from '#worker/clients/problem-bank.ts';
import { createCursorCodec } from '#worker/crypto/cursor.ts';
import { pageOf } from '#worker/crypto/cursor-page.ts';
import * as table from '#worker/db/schema/index.ts';
import { type Config, parseEnv } from '#worker/env.ts';

/**
 * The Worker as one writes it first: drizzle's query builder in each request, rows mapped in JavaScript, jose in each
 * request; one batch, so one round trip, per verb. It answers the same values; none of the product's headers, tags,
 * log lines or limits.
 */
const {
  studyPaths,
  studyTasks,
  progressCounters,
  practiceDays,
  pathEvents,
  mastery,
  reviewQueue,
  reviewLog,
} = table;
const DAY = 86_400_000;
const OPEN = ['scheduled', 'in_progress'];

type Row = typeof studyTasks.$inferSelect;

function taskOf({ logSeq: _seq, logHash: _hash, ...row }: Row) {
  const { pathId, problemId, topicTags, timeSpentSeconds, hintsUsed, pendingEvaluations, ...rest } = row;
  const { scheduledAt, startedAt, completedAt, completedDay, expiresAt, createdAt, ...plain } = rest;
  return {
    ...plain,
    path_id: pathId,
    problem_id: problemId,
    topic_tags: topicTags,
    time_spent_seconds: timeSpentSeconds,
    hints_used: hintsUsed,
    pending_evaluations: pendingEvaluations,
    scheduled_at: scheduledAt.toISOString(),
    started_at: startedAt?.toISOString() ?? null,
    completed_day: completedDay,
    completed_at: completedAt?.toISOString() ?? null,
    expires_at: expiresAt.toISOString(),
    created_at: createdAt.toISOString(),
  };
}

function countersOf(row: typeof progressCounters.$inferSelect): progress.Counters {
  const {
    pathId: _path,
    scope: _scope,
    inProgress,
    firstResults,
    solvedFirst,
    scoreSum,
    hintsUsed,
    ...rest
  } = row;
  const { timeSpentSeconds, problemsTried, problemsSolved, ...plain } = rest;
  return {
    ...plain,
    in_progress: inProgress,
    first_results: firstResults,
    solved_first: solvedFirst,
    score_sum: Number(scoreSum),
    hints_used: hintsUsed,
    time_spent_seconds: timeSpentSeconds,
    problems_tried: problemsTried,
    problems_solved: problemsSolved,
  };
}

function createApp(config: Config) {
  if (config.NEON_FETCH_ENDPOINT !== undefined) neonConfig.fetchEndpoint = config.NEON_FETCH_ENDPOINT;
  const db = drizzle(neon(config.DATABASE_URL, { disableWarningInBrowsers: true }));
  const jwks = createRemoteJWKSet(new URL(config.JWKS_URL));
  const cursors = createCursorCodec(config.CURSOR_SIGNING_KEY);
  const bank = createProblemBank({
    fetcher: globalFetcher,
    url: config.PROBLEM_BANK_URL,
    apiKey: config.PROBLEM_BANK_API_KEY,
  });
  const ownPaths = (learner: string) =>
    db.select({ id: studyPaths.id }).from(studyPaths).where(eq(studyPaths.userId, learner));

  const app = new Hono<{ Variables: { learner: string } }>();
  app.get('/healthz', (c) => c.text('ok'));
  app.use('/v1/*', async (c, next) => {
    const token = (c.req.header('authorization') ?? '').replace(/^Bearer /, '');
    const { payload } = await jwtVerify(token, jwks, { issuer: config.JWT_ISSUER });
    c.set('learner', payload.sub ?? '');
    await next();
  });

  app.get('/v1/study-tasks/next', async (c) => {
    const now = new Date();
    const newest = db
      .select({ id: studyPaths.id })
      .from(studyPaths)
      .where(eq(studyPaths.userId, c.get('learner')))
      .orderBy(desc(studyPaths.createdAt), desc(studyPaths.id))
      .limit(1);
    const candidate = (...more: Parameters<typeof and>) =>
      db
        .select()
        .from(studyTasks)
        .where(and(inArray(studyTasks.pathId, newest), gt(studyTasks.expiresAt, now), ...more))
        .orderBy(asc(studyTasks.scheduledAt), asc(studyTasks.id))
        .limit(1);
    const found = await db.batch([
      candidate(eq(studyTasks.status, 'in_progress')),
      candidate(
        eq(studyTasks.status, 'scheduled'),
        eq(studyTasks.kind, 'review'),
        lte(studyTasks.scheduledAt, now),
      ),
      candidate(eq(studyTasks.status, 'scheduled')),
    ]);
    const [row] = found.flat();
    if (row === undefined) return c.body(null, 204);
    return c.json({ task: taskOf(row), problem: await bank.get(row.problemId, 'naive-request') });
  });

  app.get('/v1/study-tasks', async (c) => {
    const learnerId = c.get('learner');
    const { cursor: _, limit, ...filters } = ListTasks.parse(c.req.query());
    const rows = await db
      .select({ task: studyTasks })
      .from(studyTasks)
      .innerJoin(studyPaths, eq(studyPaths.id, studyTasks.pathId))
      .where(eq(studyPaths.userId, learnerId))
      .orderBy(desc(studyTasks.scheduledAt), desc(studyTasks.id))
      .limit(limit + 1);
    const tasks = rows.map(({ task }) => taskOf(task));
    const scope = { learnerId, list: 'study-tasks', filters };
    const page = await pageOf(cursors, scope, tasks, limit, (task) => [task.scheduled_at, task.id]);
    const problems = await bank.getMany(
      page.data.map((task) => task.problem_id),
      'naive-request',
    );
    const data = page.data.map((task) => ({ ...task, title: problems.get(task.problem_id)?.title ?? null }));
    return c.json({ ...page, data });
  });

  app.get('/v1/study-paths/:id/progress', async (c) => {
    const learner = c.get('learner');
    const id = c.req.param('id');
    const now = new Date();
    const counters = (scope: string) =>
      and(eq(progressCounters.pathId, id), eq(progressCounters.scope, scope), gt(progressCounters.tasks, 0));
    const isReview = and(eq(studyTasks.kind, 'review'), inArray(studyTasks.pathId, ownPaths(learner)));
    const [paths, modules, topics, known, days, reviews, due, cards, taken, log, changes] = await db.batch([
      db
        .select()
        .from(studyPaths)
        .where(and(eq(studyPaths.id, id), eq(studyPaths.userId, learner))),
      db.select().from(progressCounters).where(counters('module')),
      db
        .select()
        .from(progressCounters)
        .where(counters('topic'))
        .orderBy(desc(progressCounters.tasks), asc(progressCounters.name))
        .limit(200),
      db.select().from(mastery).where(eq(mastery.userId, learner)),
      db
        .select({
          date: practiceDays.day,
          quarters: sql<number>`bit_count(bit_or(${practiceDays.quarters}))::integer`,
        })
        .from(practiceDays)
        .innerJoin(studyPaths, eq(studyPaths.id, practiceDays.pathId))
        .where(eq(studyPaths.userId, learner))
        .groupBy(practiceDays.day)
        .orderBy(practiceDays.day),
      db
        .select({ at: studyTasks.scheduledAt, metadata: studyTasks.metadata })
        .from(studyTasks)
        .where(
          and(
            eq(studyTasks.pathId, id),
            eq(studyTasks.status, 'scheduled'),
            eq(studyTasks.kind, 'review'),
            lt(studyTasks.scheduledAt, new Date(now.getTime() + 9 * DAY)),
          ),
        ),
      db
        .select({ day: reviewQueue.dueDay, cards: sql<number>`count(*)::integer` })
        .from(reviewQueue)
        .where(eq(reviewQueue.userId, learner))
        .groupBy(reviewQueue.dueDay),
      db
        .select({ problem_id: reviewQueue.problemId, state: reviewQueue.state })
        .from(reviewQueue)
        .leftJoin(studyTasks, eq(studyTasks.id, reviewQueue.taskId))
        .where(
          and(
            eq(reviewQueue.userId, learner),
            lt(reviewQueue.dueDay, new Date(now.getTime() + 91 * DAY).toISOString().slice(0, 10)),
            or(isNull(studyTasks.id), notInArray(studyTasks.status, OPEN)),
          ),
        )
        .orderBy(reviewQueue.dueDay)
        .limit(1000),
      db
        .select({ at: studyTasks.scheduledAt, metadata: studyTasks.metadata })
        .from(studyTasks)
        .where(
          and(
            isReview,
            gt(studyTasks.scheduledAt, new Date(now.getTime() - 3 * DAY)),
            lte(studyTasks.scheduledAt, now),
          ),
        ),
      db
        .select()
        .from(reviewLog)
        .where(and(eq(reviewLog.userId, learner), isNull(reviewLog.undoneAt)))
        .orderBy(desc(reviewLog.createdAt))
        .limit(5000),
      db
        .select({
          pathId: pathEvents.pathId,
          createdAt: studyPaths.createdAt,
          at: pathEvents.occurredAt,
          payload: pathEvents.payload,
        })
        .from(pathEvents)
        .innerJoin(studyPaths, eq(studyPaths.id, pathEvents.pathId))
        .where(eq(studyPaths.userId, learner))
        .orderBy(pathEvents.position),
    ]);
    const [path] = paths;
    if (path === undefined) return c.notFound();
    const facts = changes.map(({ pathId, createdAt, at, payload }): CalendarFact => {
      const { config = {} } = payload as { config?: { time_zone?: string; day_start_hour?: number } };
      const { time_zone = null, day_start_hour = null } = config;
      return {
        path_id: pathId,
        created_at: createdAt.toISOString(),
        at: at.toISOString(),
        time_zone,
        day_start_hour,
      };
    });
    const calendars = calendarsOf(facts);
    const { time_zone, day_start_hour } = presentCalendar(calendars);
    const practice = progress.practiceOf(days, calendars, now.toISOString());
    const levels = Object.fromEntries(
      known.map(({ topic, rating, n, reason }) => [
        topic,
        { level: masteryLevel({ rating, n }), rating, n, reason },
      ]),
    ) as progress.KnownMastery;
    const sums = modules.map(countersOf);
    const dayOf = (metadata: unknown) => (metadata as { review_day?: string }).review_day ?? null;
    const ready = reviews.map(({ at, metadata }) => ({
      day: dayOf(metadata),
      at: at.toISOString(),
      reviews: 1,
    }));
    const memory = {
      due,
      plan: {
        cards: cards.map(({ problem_id, state }) => ({
          problem_id,
          state: state as ReviewState,
          handled: null,
        })),
        taken: taken.map(({ at, metadata }) => ({ day: dayOf(metadata), at: at.toISOString() })),
      },
      log: log.map(({ problemId, log: entry }) => {
        const { grade, reviewed_at, before, after } = entry as ReviewLog;
        return { problem_id: problemId, grade, reviewed_at, day: lastDayOf(after), before };
      }),
    };
    return c.json({
      path_id: id,
      time_zone,
      day_start_hour,
      totals: progress.totalOf(sums),
      modules: progress.moduleProgress(sums, await bank.moduleSizes('naive-request'), levels),
      topics: progress.topicProgress(topics.map(countersOf), levels),
      practice,
      upcoming_reviews: progress.reviewForecast(
        ready,
        calendarOfRule({ time_zone, day_start_hour }),
        practice.today,
      ),
      reviews: reviewFigures(memory, path.config, now.toISOString()),
    });
  });

  app.post('/v1/study-tasks/:id/start', async (c) => {
    const id = c.req.param('id');
    const now = new Date();
    const grace = new Date(now.getTime() + DAY);
    const status: TaskStatus = 'in_progress';
    const [[row]] = await db.batch([
      db
        .update(studyTasks)
        .set({
          status,
          startedAt: now,
          expiresAt: sql`greatest(${studyTasks.expiresAt}, ${grace.toISOString()}::timestamptz)`,
          version: sql`${studyTasks.version} + 1`,
        })
        .where(
          and(
            eq(studyTasks.id, id),
            eq(studyTasks.status, 'scheduled'),
            inArray(studyTasks.pathId, ownPaths(c.get('learner'))),
          ),
        )
        .returning(),
      // The builder would name the columns that the log alone may write.
      db.execute(sql`insert into task_events (task_id, seq, event_type, payload, actor, request_id, occurred_at)
        select id, version, 'started', jsonb_build_object('started_at', iso_instant(started_at),
          'expires_at', iso_instant(expires_at)), '{"type": "learner"}', ${crypto.randomUUID()}, ${now.toISOString()}::timestamptz
        from study_tasks where id = ${id}::uuid`),
    ]);
    if (row === undefined) return c.notFound();
    return c.json({ task: taskOf(row) });
  });
  return app;
}

let app: ReturnType<typeof createApp> | null = null;

// biome-ignore lint/style/noDefaultExport: this is how a Worker is told from other modules
export default {
  fetch(request: Request, env: Record<string, unknown>): Response | Promise<Response> {
    if (app === null) {
      const parsed = parseEnv(env);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      app = createApp(parsed.config);
    }
    return app.fetch(request, env);
  },
};
