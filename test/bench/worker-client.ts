import { connect } from 'node:net';

/** What to send: whole requests as text, spread over so many connections that are kept open. */
export type Order = { port: number; connections: number; requests: readonly string[] };

/** Seconds for all of them, latencies in milliseconds, and the first answer that was no 200. */
export type Outcome = { seconds: number; p50: number; p99: number; wrong: string | null };

/** Length of the first answer in `text`, null while some of it is missing. Bodies are JSON or short words. */
function answerLength(text: string): number | null {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return null;
  const declared = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1];
  if (declared === undefined) return text.endsWith('\r\n0\r\n\r\n') ? text.length : null;
  const length = head + 4 + Number(declared);
  return text.length >= length ? length : null;
}

/** Sends one request after the other over one connection; null from `next` ends it. */
function talk(port: number, next: () => string | null, heard: (ms: number, answer: string) => void) {
  return new Promise<void>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let text = '';
    let sentAt = 0;
    let done = false;
    function send(): void {
      const request = next();
      if (request === null) {
        done = true;
        socket.destroy();
        resolve();
        return;
      }
      sentAt = performance.now();
      socket.write(request, 'latin1');
    }
    socket.once('connect', send);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const length = answerLength(text);
      if (length === null) return;
      heard(performance.now() - sentAt, text);
      text = text.slice(length);
      send();
    });
    socket.once('error', reject);
    socket.once('close', () => {
      if (!done) reject(new Error('the server closed a connection'));
    });
  });
}

async function run({ port, connections, requests }: Order): Promise<Outcome> {
  const latencies: number[] = [];
  let wrong: string | null = null;
  let sent = 0;
  const started = performance.now();
  const next = () => requests[sent++] ?? null;
  const heard = (ms: number, answer: string) => {
    latencies.push(ms);
    if (!answer.startsWith('HTTP/1.1 200')) wrong ??= answer.slice(0, 2000);
  };
  await Promise.all(Array.from({ length: connections }, () => talk(port, next, heard)));
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN;
  return { seconds, p50: at(0.5), p99: at(0.99), wrong };
}

process.on('message', (order: Order) => {
  run(order).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => process.send?.({ seconds: Number.NaN, p50: 0, p99: 0, wrong: String(error) }),
  );
});

// Whoever gave the orders is gone.
process.on('disconnect', () => process.exit());
