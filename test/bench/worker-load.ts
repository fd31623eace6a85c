import { fork } from 'node:child_process';
import { fineCpuMs } from './processes.ts';
import type { Order, Outcome } from './worker-client.ts';

/** A server under load, with the process whose CPU counts. */
export type Target = { port: number; pid: number };

/** One measurement: requests per second, CPU seconds of the server per 1000 requests, latencies in milliseconds. */
export type Figures = { rps: number; cpu: number; p50: number; p99: number };

export const CONNECTIONS = 16;

/** A request as it goes over the wire. */
export function rawRequest(method: string, path: string, token?: string): string {
  const lines = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', 'accept: application/json'];
  if (token !== undefined) lines.push(`authorization: Bearer ${token}`);
  if (method === 'POST') lines.push('content-length: 0');
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** The client that makes the load, a process of its own: what it costs is not the server's. */
export function startLoad() {
  const child = fork(new URL('./worker-client.ts', import.meta.url));
  return {
    /** @throws Error when an answer was no 200. */
    async measure(
      { port, pid }: Target,
      requests: readonly string[],
      connections = CONNECTIONS,
    ): Promise<Figures> {
      const before = fineCpuMs(pid);
      const answered = new Promise<Outcome>((resolve) => child.once('message', resolve));
      child.send({ port, connections, requests } satisfies Order);
      const { seconds, p50, p99, wrong } = await answered;
      const cpu = (fineCpuMs(pid) - before) / requests.length;
      if (wrong !== null) throw new Error(`${requests[0]?.split('\r\n', 1)[0]} and others: ${wrong}`);
      return { rps: requests.length / seconds, cpu, p50, p99 };
    },
    close() {
      child.kill();
    },
  };
}
export type Load = ReturnType<typeof startLoad>;
