import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';

const HINTS = new URL('../../src/worker/hints', import.meta.url).pathname;

/** The ways of a stream through a Worker: as `fetch()` gives it, through the product's pipe, and recorded besides. */
export const WAYS = ['return', 'pass', 'record'] as const;
export type Way = (typeof WAYS)[number];

const ENTRY = `
import { passOn } from ${JSON.stringify(`${HINTS}/pass-on.ts`)};
import { record } from ${JSON.stringify(`${HINTS}/recorder.ts`)};
export default {
  async fetch(request, { TUTOR, BODY }, ctx) {
    const way = new URL(request.url).pathname.slice(1);
    const ask = (signal) => fetch(TUTOR, { method: 'POST', body: BODY, signal });
    if (way === 'return') return ask();
    const left = new AbortController();
    request.signal.addEventListener('abort', () => left.abort());
    const upstream = await ask(left.signal);
    let forClient = upstream.body;
    if (way === 'record') {
      const [one, two] = upstream.body.tee();
      forClient = one;
      ctx.waitUntil(record(two, () => {}));
    }
    const { readable, done } = passOn(forClient);
    ctx.waitUntil(done);
    return new Response(readable, upstream);
  },
};`;

/** A Worker that is nothing but the product's relay, on a workerd of its own. */
export async function startRelay(
  tutor: string,
  body: string,
): Promise<{ url: string; close(): Promise<void> }> {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'esm',
  });
  const workerd = new Miniflare(
    convertV4MiniflareOptions({
      name: 'relay',
      modules: true,
      script: outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-11-17',
      bindings: { TUTOR: `${tutor}/v1/hints`, BODY: body },
    }),
  );
  const url = await workerd.ready;
  return { url: url.origin, close: () => workerd.dispose() };
}
