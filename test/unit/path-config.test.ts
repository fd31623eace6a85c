import { expect, test } from 'vitest';
import { PathConfig } from '#contract/paths.ts';

const zone = (time_zone: string) => PathConfig.safeParse({ time_zone });

test.each(['Europe/Berlin', 'UTC', '+05:30', '-03:00'])('the zone %s is accepted', (name) => {
  expect(zone(name).data?.time_zone).toBe(name);
});

test.each(['Mars/Base', '05:30', '+25:00', ''])(
  'regression: what refuses the zone "%s" says all that is accepted',
  (name) => {
    const messages = zone(name).error?.issues.map(({ message }) => message);
    expect(messages).toContain(
      'must be an IANA time zone such as Europe/Berlin, or an offset such as +05:30',
    );
  },
);
