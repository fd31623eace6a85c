import { mapUpstreams, type UpstreamId } from '#contract/services.ts';
import type { Config } from '../env.ts';
import type { Fetcher } from './http.ts';

/** How the Worker reaches a service: what a client of it is made from. */
export type Connection = {
  fetcher: Fetcher;
  /** Base address without a slash at its end. */
  url: string;
  apiKey: string;
};
export type Connections = Readonly<Record<UpstreamId, Connection>>;

/** `web` reaches any address; a service may have a binding that takes its place. */
export type Fetchers = { web: Fetcher } & Partial<Readonly<Record<UpstreamId, Fetcher | undefined>>>;

/** A connection to each service of the contract's table. */
export function connect(config: Config, fetchers: Fetchers): Connections {
  return mapUpstreams(({ address, key }, id) => ({
    fetcher: fetchers[id] ?? fetchers.web,
    url: config[address],
    apiKey: config[key],
  }));
}
