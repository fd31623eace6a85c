import { randomUUID } from 'node:crypto';
import type { Lane } from '../kit/lanes.ts';
import type { Answer, Ask, Mutation } from '../kit/product.ts';
import { type Planned, plannedRoutes } from '../kit/routes.ts';
import { createSigner } from '../kit/tokens.ts';
import { openTenant, rowsOf, type Tenant } from './tenants.ts';

/** Headers that differ between any two answers. */
const OF_THE_MOMENT = ['x-request-id', 'server-timing', 'date'];

/** An answer without what differs between any two. */
function essence({ status, headers, text }: Answer): string {
  const kept = [...headers].filter(([name]) => !OF_THE_MOMENT.includes(name));
  return JSON.stringify([status, kept, text.replace(/"request_id":"[^"]*"/, '')]);
}

function filled(route: Planned, id: string): string {
  return route.path.replace(':id', id);
}

/** The same request once with ids of another learner's and once with ids of nobody's. */
type Pair = { what: string; foreign: [string, Ask]; random: [string, Ask] };

function pairs(route: Planned, foreign: Tenant, own: Tenant): Pair[] {
  const { method, plan, name } = route;
  const ids = { task: own.task, path: own.path };
  const body = plan.body?.(ids);
  const ask = (sent: unknown): Ask => ({ method, ...(sent === undefined ? {} : { body: sent }) });
  const found: Pair[] = [];
  if (plan.id !== null) {
    const at = (id: string): [string, Ask] => [filled(route, id), ask(body)];
    found.push({ what: name, foreign: at(foreign[plan.id]), random: at(randomUUID()) });
  }
  const within = (what: string, make: (id: string) => [string, Ask], id: string) =>
    found.push({ what: `${name} ${what}`, foreign: make(id), random: make(randomUUID()) });
  const here = filled(route, plan.id === null ? '' : own[plan.id]);
  switch (name) {
    case 'POST /v1/study-tasks/batch': {
      const batch = body as { path_id: string; tasks: object[] };
      within('path_id', (path_id) => [here, ask({ ...batch, path_id })], foreign.path);
      const retry = (retry_of: string): [string, Ask] => [
        here,
        ask({ ...batch, tasks: batch.tasks.map((task) => ({ ...task, retry_of })) }),
      ];
      within('retry_of', retry, foreign.task);
      break;
    }
    case 'POST /v1/study-tasks/:id/evaluate':
      within('submission_id', (id) => [here, ask({ submission_id: id })], foreign.submission);
      break;
    case 'GET /v1/study-tasks':
    case 'GET /v1/study-tasks/export':
      within('path_id', (id) => [`${here}?path_id=${id}`, {}], foreign.path);
      break;
  }
  return found;
}

type Cell = { what: string; problem: string };

/**
 * Asks every route of the router as nobody, as a learner of another issuer, as somebody who was erased, and as a learner
 * with own, foreign and random ids. What belongs to another answers byte for byte like what does not exist.
 */
export async function matrix(lane: Lane, mutation?: Mutation): Promise<{ cells: number; problems: Cell[] }> {
  const product = lane.product(mutation);
  const problems: Cell[] = [];
  let cells = 0;
  const say = (what: string, problem: string) => problems.push({ what, problem });
  const open = (name: string) => openTenant(lane, product, name);
  const [own, foreign, erased] = await Promise.all([open('own'), open('foreign'), open('erased')]);
  const asked = await erased.ask('/v1/me', { method: 'DELETE' });
  const { confirmation } = asked.body as { confirmation: { token: string } };
  await erased.ask(`/v1/me?confirm=${confirmation.token}`, { method: 'DELETE' });
  const stranger = await (await createSigner('https://another.issuer')).tokenFor('anybody');
  const before = await rowsOf(lane, foreign);

  const { routes, missing } = plannedRoutes(product);
  for (const name of missing) say(name, 'is not in the matrix');

  const canaries = { foreign: foreign.canary, erased: erased.canary };
  async function ask(what: string, who: Tenant | null, [path, options]: [string, Ask], token?: string) {
    cells += 1;
    const answer = await product.ask(path, { ...options, token: token ?? who?.token ?? null });
    if (answer.status >= 500) say(what, `answered ${answer.status}`);
    if (who?.canary !== canaries.foreign && answer.text.includes(foreign.canary))
      say(what, 'shows what another learner wrote');
    if (answer.text.includes(canaries.erased)) say(what, 'shows what was erased');
    return answer;
  }

  /** Verbs that end a task or a path come last, so that the others meet live ones. */
  const last = ({ name }: Planned) => (name.startsWith('DELETE') ? 2 : name.includes('PATCH') ? 1 : 0);
  for (const route of routes.toSorted((a, b) => last(a) - last(b))) {
    const { method, plan, name } = route;
    const body = plan.body?.({ task: own.task, path: own.path });
    const options: Ask = { method, ...(body === undefined ? {} : { body }) };
    const mine: [string, Ask] = [filled(route, plan.id === null ? '' : own[plan.id]), options];
    for (const [who, token] of [
      ['nobody', undefined],
      ['another issuer', stranger],
    ] as const) {
      const answer = await ask(`${name} as ${who}`, null, mine, token);
      if (answer.status !== 401) say(`${name} as ${who}`, `answered ${answer.status} instead of 401`);
    }
    if (plan.id !== null) {
      const gone = await ask(`${name} as an erased learner`, erased, [
        filled(route, erased[plan.id]),
        options,
      ]);
      const none = await ask(`${name} as an erased learner`, erased, [filled(route, randomUUID()), options]);
      if (essence(gone) !== essence(none)) say(name, 'an erased id answers unlike one that never was');
    } else if (method === 'GET') {
      await ask(`${name} as an erased learner`, erased, mine);
    }
    for (const pair of pairs(route, foreign, own)) {
      const theirs = await ask(pair.what, own, pair.foreign);
      const nobodys = await ask(pair.what, own, pair.random);
      if (essence(theirs) !== essence(nobodys)) {
        say(
          pair.what,
          `a foreign id answers ${theirs.status} ${theirs.text.slice(0, 80)}, a random one ${nobodys.status}`,
        );
      }
    }
    if ('cursor' in (plan.query ?? {})) {
      const at = `${mine[0]}?cursor=${encodeURIComponent(foreign.cursor)}`;
      const answer = await ask(`${name} with a foreign cursor`, own, [at, options]);
      if (answer.status !== 400) say(name, `takes another learner's cursor (${answer.status})`);
    }
    if (!name.startsWith('DELETE') && name !== 'POST /v1/study-paths') {
      const answer = await ask(`${name} as its owner`, own, mine);
      // Some verbs do not fit the state by now; none may deny that the task is there.
      if ([401, 403, 404].includes(answer.status)) say(name, `denies its owner: ${answer.status}`);
    }
  }
  await product.settled();
  if ((await rowsOf(lane, foreign)) !== before) say('all of it', "another learner's rows have changed");
  const theirs = await foreign.ask(`/v1/study-tasks/${foreign.task}`);
  if (!theirs.text.includes(foreign.canary))
    say('the canary', 'is not where it was put, so the search proves nothing');
  await lane.empty();
  return { cells, problems };
}
