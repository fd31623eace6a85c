import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';

const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

export type GuardOptions = {
  /** Paths that pages of any origin may lead a browser's window to, such as a page for signing in. */
  pages?: readonly string[];
};

/** What a browser says about who asks; requests of programs have none of these headers. */
function isOwnPage(req: IncomingMessage, host: string): boolean {
  const { origin = [], 'sec-fetch-site': site = [] } = req.headersDistinct;
  const ownOrigin = origin.length === 0 || (origin.length === 1 && origin[0] === `http://${host}`);
  return ownOrigin && site.every((value) => value === 'same-origin' || value === 'none');
}

/** A link, a redirect or the address bar, in a window of its own: the page that asks can read nothing of the answer. */
function isNavigation(req: IncomingMessage, pages: readonly string[]): boolean {
  const { method, url = '', headers } = req;
  return (
    method === 'GET' &&
    headers.origin === undefined &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    pages.includes(url.split('?', 1)[0] ?? '')
  );
}

/**
 * Why a local service must not answer this request, or null when it may. Any page on the internet can make a browser
 * send requests to this machine, and can give a name of its own this machine's address; both show in the headers.
 */
export function refusal(req: IncomingMessage, { pages = [] }: GuardOptions = {}): string | null {
  const hosts = req.headersDistinct.host ?? [];
  const [host = ''] = hosts;
  if (hosts.length !== 1 || !LOOPBACK.test(host) || !/^[/*]/.test(req.url ?? '')) {
    return 'This service answers only to the names of this machine: the Host must be 127.0.0.1, localhost or [::1].';
  }
  if (isOwnPage(req, host) || isNavigation(req, pages)) return null;
  return 'This service answers programs on this machine, not web pages of another origin.';
}

/** An HTTP server of this machine with the guard in front of everything that it serves; refused is 403. */
export function createLocalServer(listener: RequestListener, options: GuardOptions = {}): Server {
  return createServer((req, res) => {
    const reason = refusal(req, options);
    if (reason === null) {
      listener(req, res);
      return;
    }
    // The body is not read: a page must not be able to make a service work.
    res.writeHead(403, {
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    });
    res.end(JSON.stringify({ error: { code: 'FORBIDDEN', message: reason } }));
  });
}
