import type { Ask } from '../kit/product.ts';
import type { Planned } from '../kit/routes.ts';
import { EDGES, type Naughty, RAW_SEGMENTS, STRINGS } from './values.ts';

export type Ids = { task: string; path: string };

/** A place in a request where a naughty value can stand; null for a value that cannot be sent there. */
export type Slot = { name: string; request(value: Naughty, ids: Ids): [string, Ask] | null };

const HEADERS = [
  'idempotency-key',
  'if-match',
  'if-none-match',
  'x-request-id',
  'content-type',
  'accept',
  'content-encoding',
  'origin',
];
const MARK = 'the value stands here';

/** The template's JSON with the value in place of the field at that dotted path. */
export function withField(template: unknown, field: string, json: string): string {
  const copy = structuredClone(template ?? {}) as Record<string, unknown>;
  const steps = field.split('.');
  const last = steps.pop() ?? '';
  let place: Record<string, unknown> = copy;
  for (const step of steps) {
    place[step] ??= {};
    place = place[step] as Record<string, unknown>;
  }
  place[last] = MARK;
  return JSON.stringify(copy).replace(JSON.stringify(MARK), () => json);
}

function encoded(text: string): string | null {
  return text.isWellFormed() ? encodeURIComponent(text) : null;
}

function sendable(name: string, value: string): boolean {
  try {
    return new Headers({ [name]: value }) !== null;
  } catch {
    return false;
  }
}

/** Every place of every route: the id in the path, each parameter, each field of the body, the whole body, headers. */
export function slotsOf({ name, method, path, plan }: Planned): Slot[] {
  const slots: Slot[] = [];
  const at = (ids: Ids) => path.replace(':id', plan.id === null ? '' : ids[plan.id]);
  const bodyOf = (ids: Ids) => plan.body?.(ids);
  const plain = (ids: Ids): Ask => {
    const body = bodyOf(ids);
    return { method, ...(body === undefined ? {} : { body }) };
  };
  if (plan.id !== null) {
    slots.push({
      name: `${name} :id`,
      request(value, ids) {
        const segment = value.text === null ? null : encoded(value.text.slice(0, 2000));
        return segment === null || segment === '' || segment === '.' || segment === '..'
          ? null
          : [path.replace(':id', segment), plain(ids)];
      },
    });
  }
  for (const parameter of [...Object.keys(plan.query ?? {}), 'unknown']) {
    slots.push({
      name: `${name} ?${parameter}`,
      request(value, ids) {
        const text = value.text === null ? null : encoded(value.text.slice(0, 4000));
        return text === null ? null : [`${at(ids)}?${parameter}=${text}`, plain(ids)];
      },
    });
  }
  for (const field of plan.fields ?? []) {
    slots.push({
      name: `${name} ${field}`,
      request: (value, ids) => [at(ids), { method, raw: withField(bodyOf(ids), field, value.json) }],
    });
  }
  if (method !== 'GET') {
    slots.push({ name: `${name} body`, request: (value, ids) => [at(ids), { method, raw: value.json }] });
  }
  for (const header of HEADERS) {
    slots.push({
      name: `${name} ${header}`,
      request: (value, ids) =>
        value.text === null || !sendable(header, value.text.slice(0, 4000))
          ? null
          : [at(ids), { ...plain(ids), headers: { [header]: value.text.slice(0, 4000) } }],
    });
  }
  return slots;
}

/** Ids as no encoder would write them. */
export function rawRequests({ method, path, plan }: Planned, ids: Ids): [string, Ask][] {
  if (plan.id === null) return [];
  const body = plan.body?.(ids);
  const ask: Ask = { method, ...(body === undefined ? {} : { body }) };
  return RAW_SEGMENTS.map((segment) => [path.replace(':id', segment), ask]);
}

/** All values, those of our own first. */
export const ALL_VALUES: readonly Naughty[] = [...EDGES, ...STRINGS];
