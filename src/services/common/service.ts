import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { requireControlKey } from './control-key.ts';
import { createFaults } from './faults.ts';
import { createLocalServer } from './guard.ts';
import { createRequestLog } from './request-log.ts';

export type ServiceApp = Hono<{ Bindings: HttpBindings }>;

/** workerd drops a connection that is idle for 5 s. Node would do so at the same moment, and a request could meet it. */
const KEEP_ALIVE_MS = 60_000;

/** A service that runs: its address, and how to stop it. */
export type RunningService = { name: string; url: string; port: number; close(): Promise<void> };

export type ServiceOptions = {
  /** `0` (the default) takes any free one. */
  port?: number;
  /** What opens `/__local/*`; without one every program of this machine may use it. */
  controlKey?: string | undefined;
};

/**
 * Starts one service on the loopback interface, for programs of this machine: pages of other origins are refused, but
 * for `pages`, paths that they may lead a browser to. Besides its own routes it has `GET|DELETE /__local/requests` (what
 * it received) and `GET|PUT|DELETE /__local/faults` (how it misbehaves).
 * @throws Error whose message names the port when that is taken.
 */
export async function startService(
  name: string,
  routes: ServiceApp,
  { port = 0, controlKey, pages = [] }: ServiceOptions & { pages?: readonly string[] } = {},
): Promise<RunningService> {
  const log = createRequestLog();
  const faults = createFaults();
  const app: ServiceApp = new Hono();
  app.use('/__local/*', requireControlKey(controlKey));
  app.route('/__local', log.routes).route('/__local', faults.routes);
  app.use('*', log.middleware, faults.middleware);
  app.route('/', routes);

  return new Promise((resolve, reject) => {
    const server = createLocalServer(getRequestListener(app.fetch), { pages });
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`${name}: port ${port} is taken`) : error),
    );
    server.listen(port, '127.0.0.1', () => {
      const bound = (server.address() as AddressInfo).port;
      resolve({
        name,
        port: bound,
        url: `http://127.0.0.1:${bound}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
