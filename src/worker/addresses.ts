import * as z from 'zod';

/** The texts of a list with commas between them, without empty ones. */
const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  );

/** An origin as browsers write it (RFC 6454, section 6.2); null when the text names none. */
function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { origin, protocol, host } = new URL(text);
  if (host === '') return null;
  // Apps of phones and desktops have schemes of their own, whose origin no standard serializes.
  return origin === 'null' ? `${protocol}//${host}` : origin;
}

/** Origins that are compared letter by letter: one that a browser would write otherwise would never match. */
export const Origins = list.superRefine((origins, context) => {
  for (const text of origins) {
    const origin = originOf(text);
    if (origin === text) continue;
    const advice = origin === null ? 'such as https://app.example' : `write ${origin}`;
    const message = `${text} is not an origin (scheme, host and port, nothing after it): ${advice}`;
    context.addIssue({ code: 'custom', message });
  }
});

/** Names of hosts, without ports. */
export const Hosts = list.superRefine((hosts, context) => {
  for (const text of hosts) {
    const address = `http://${text}`;
    if (/^[a-z0-9.:[\]-]+$/.test(text) && URL.canParse(address) && new URL(address).hostname === text)
      continue;
    const message = `${text} is not the name of a host in lower case, without scheme and port`;
    context.addIssue({ code: 'custom', message });
  }
});

const url = z.url({ protocol: /^https?$/ });

/** An address that paths are appended to, or of one file: a slash at its end is left out. */
export const Address = url
  .refine((text) => !/[?#]/.test(text), 'must have no query and no fragment')
  .transform((text) => text.replace(/\/+$/, ''));

/** The address of a page. */
export const PageAddress = url.refine((text) => !text.includes('#'), 'must have no fragment');
