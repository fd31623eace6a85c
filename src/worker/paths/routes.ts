import { Hono } from 'hono';
import { ListPaths } from '#contract/history.ts';
import { ChangePath, CreatePath, type CurrentPath, OfTrack, type PathChanged } from '#contract/paths.ts';
import { IdParams } from '#contract/text.ts';
import { daySettings } from '../durable/charges.ts';
import { rememberDay } from '../durable/pay.ts';
import { answerJson } from '../http/answer.ts';
import { preconditionFailed, tagOfVersion, versionsOf } from '../http/etag.ts';
import { nextLink } from '../http/next-link.ts';
import type { AppEnv } from '../http/types.ts';
import { body, params, query } from '../http/validate.ts';
import { changePath } from './change.ts';
import { createPath } from './create.ts';
import { showCurrent } from './current.ts';
import { showPaths } from './list.ts';

/** The study path resource. */
export function pathRoutes() {
  return new Hono<AppEnv>()
    .post('/study-paths', body(CreatePath), async (c) => {
      const created = await createPath(c.get('ctx'), c.get('learnerId'), c.req.valid('json'));
      c.get('ctx').background(
        rememberDay(c.get('ctx'), c.get('learnerId'), daySettings(created.path.config)),
      );
      return answerJson(c, created, 201);
    })
    .get('/study-paths', query(ListPaths), async (c) => {
      const page = await showPaths(c.get('ctx'), c.get('learnerId'), c.req.valid('query'));
      return answerJson(c, page, 200, nextLink(c.req.url, page.next_cursor));
    })
    .get('/study-paths/current', query(OfTrack), async (c) => {
      const trackId = c.req.valid('query').track_id ?? null;
      const { version, ...current } = await showCurrent(c.get('ctx'), c.get('learnerId'), trackId);
      return answerJson(c, current satisfies CurrentPath, 200, { etag: tagOfVersion(version) });
    })
    .patch('/study-paths/:id', params(IdParams), body(ChangePath), async (c) => {
      const ctx = c.get('ctx');
      const { id } = c.req.valid('param');
      const versions = versionsOf(c.req.header('if-match'));
      const changed = await changePath(ctx, c.get('learnerId'), id, c.req.valid('json').config, versions);
      if (changed.path === null) throw preconditionFailed('path', changed.version);
      const { path, version } = changed;
      ctx.background(rememberDay(ctx, c.get('learnerId'), daySettings(path.config)));
      return answerJson(c, { path } satisfies PathChanged, 200, { etag: tagOfVersion(version) });
    });
}
