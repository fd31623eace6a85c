import type { AddressInfo } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createFaults } from './faults.ts';
import { createRequestLog } from './request-log.ts';

export type ServiceApp = Hono<{ Bindings: HttpBindings }>;

/** workerd drops a connection that is idle for 5 s. Node would do so at the same moment, and a request could meet it. */
const KEEP_ALIVE_MS = 60_000;

/** A neighbour that is up: where it is reached and how it is stopped. */
export type RunningService = { name: string; url: string; port: number; close(): Promise<void> };

/** `port: 0` (the default) takes any free one. */
export type ServiceOptions = { port?: number };

/**
 * Starts one neighbour on the loopback interface. Beside its own routes it answers under `/__local/*`:
 * `GET|DELETE /__local/requests` (what it was asked), `GET|PUT|DELETE /__local/faults` (how it shall misbehave).
 * @throws Error whose message names the port when that is taken.
 */
export async function startService(
  name: string,
  routes: ServiceApp,
  { port = 0 }: ServiceOptions = {},
): Promise<RunningService> {
  const log = createRequestLog();
  const faults = createFaults();
  const app: ServiceApp = new Hono();
  app.route('/__local', log.routes).route('/__local', faults.routes);
  app.use('*', log.middleware, faults.middleware);
  app.route('/', routes);

  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
    if ('keepAliveTimeout' in server) server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`${name}: port ${port} is taken`) : error),
    );
    server.once('listening', () => {
      const bound = (server.address() as AddressInfo).port;
      resolve({
        name,
        port: bound,
        url: `http://127.0.0.1:${bound}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
  });
}
