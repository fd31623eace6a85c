import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { portsFrom } from '#cli/checkout.ts';
import { MIGRATE, NEEDED } from '#cli/deploy.ts';
import { PROBLEM_GUIDE } from '#contract/api/problem-guide.ts';
import { PROBLEMS } from '#contract/problem-details.ts';
import { labelOf, SERVICES, type ServiceId, UPSTREAMS } from '#contract/services.ts';
import { Config } from '#worker/env.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const IDS = Object.keys(SERVICES) as ServiceId[];
const PORTS = portsFrom(8787);
const code = (text: string | undefined) => (text === undefined ? '' : `\`${text}\``);

/** The table of services in ARCHITECTURE. */
function documentTable(): string {
  const rows = IDS.map((id) => {
    const row = SERVICES[id];
    const upstream = id in UPSTREAMS ? UPSTREAMS[id as keyof typeof UPSTREAMS] : null;
    const variables = [row.address, upstream?.key].filter(Boolean).map(code).join(', ');
    const probe = upstream === null ? '' : `${code(upstream.probe.open)}, ${code(upstream.probe.locked)}`;
    return [
      labelOf(id),
      row.about,
      `+${row.port}`,
      variables,
      code(upstream?.binding),
      code(row.check),
      probe,
      code(row.unavailable?.code),
    ];
  });
  const head = ['service', 'offers', 'port', 'variables', 'binding', 'in `/readyz`', 'probe', 'problem code'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** The variables of each upstream in `.dev.vars.example`, for the services that `npm run dev` starts. */
function variables(): string {
  const parts = Object.values(UPSTREAMS).map(({ noun, about, address, key, port }) => {
    const url = `http://127.0.0.1:${PORTS.worker + port}`;
    return `# The ${noun} (${about}): its address and its key.\n${address}="${url}"\n${key}=""\n`;
  });
  return parts.join('\n');
}

/** The services among the addresses that README shows. */
function addresses(): string {
  const lines = IDS.map(
    (id) => `  ${labelOf(id).padEnd(12)} http://127.0.0.1:${PORTS[id]}    ${SERVICES[id].about}\n`,
  );
  return lines.join('');
}

type Part = { file: string; part: RegExp; make: () => string };

/** The parts of the documents that follow from the table. */
const ARCHITECTURE: Part = {
  file: 'ARCHITECTURE.md',
  part: /(?<=<!-- services -->\n).*?(?=<!-- end of services -->)/s,
  make: documentTable,
};
const EXAMPLE: Part = {
  file: '.dev.vars.example',
  part: /(?<=# --- services: [^\n]*\n).*?(?=# --- end of services ---)/s,
  make: variables,
};
const README: Part = {
  file: 'README.md',
  part: /(?<=readiness at \/readyz\n).*?(?= {2}postgres )/s,
  make: addresses,
};

/** The document as it should be. */
async function withServices({ file, part, make }: Part): Promise<string> {
  const text = await readFile(path.join(ROOT, file), 'utf8');
  expect(text).toMatch(part);
  return text.replace(part, make);
}

test.each([ARCHITECTURE, EXAMPLE, README])(
  '$file shows the services of the table; -u writes them',
  async (part) => {
    await expect(await withServices(part)).toMatchFileSnapshot(path.join(ROOT, part.file));
  },
);

test('no two services share a name, a port, a variable, a check or a code', () => {
  const upstreams = Object.values(UPSTREAMS);
  const lists = [
    [...Object.values(portsFrom(0))],
    IDS.map((id) => SERVICES[id].name),
    IDS.map((id) => SERVICES[id].check),
    [...IDS.map((id) => SERVICES[id].address), ...upstreams.map(({ key }) => key)],
    upstreams.map(({ binding }) => binding),
    IDS.flatMap((id) => SERVICES[id].unavailable?.code ?? []),
  ];
  for (const list of lists) expect(list).toEqual([...new Set<string | number>(list)]);
});

test('the ports of a stack follow each other, and the usual ones are those of the documents', () => {
  const ports = Object.values(portsFrom(8787)).toSorted((a, b) => a - b);
  expect(ports).toEqual(ports.map((_, index) => 8787 + index));
  expect(PORTS).toMatchObject({ worker: 8787, database: 8788, issuer: 8789, problemBank: 8790 });
  expect(PORTS).toMatchObject({ evaluator: 8791, tutor: 8792, postgres: 8793 });
});

test('variables, checklist and problem codes of the services are those that were always there', () => {
  const names = [
    ...['PROBLEM_BANK_URL', 'PROBLEM_BANK_API_KEY', 'EVAL_SERVICE_URL', 'EVAL_SERVICE_API_KEY'],
    ...['TUTOR_URL', 'TUTOR_API_KEY'],
  ];
  expect(Object.keys(Config.shape)).toEqual(expect.arrayContaining(names));
  expect(Object.keys(NEEDED)).toEqual(expect.arrayContaining(names));
  expect(PROBLEMS['evaluator-unavailable']).toEqual({
    status: 503,
    title: 'The evaluation service is not available',
  });
  expect(PROBLEM_GUIDE['tutor-unavailable']).toEqual({
    meaning: 'The tutor does not answer. The hint does not count.',
    action: 'Try again after `Retry-After`.',
  });
});

test('.dev.vars.example holds each variable of the Worker once, and nothing but variables and comments', async () => {
  const lines = (await withServices(EXAMPLE)).split('\n');
  const rest = lines.filter((line) => line !== '' && !line.startsWith('#'));
  expect(rest.map((line) => /^([A-Z_]+)="[^"]*"$/.exec(line)?.[1] ?? line).toSorted()).toEqual(
    Object.keys(Config.shape).toSorted(),
  );
});

test('deploy runs migrations that are there', async () => {
  expect(await readFile(MIGRATE, 'utf8')).toContain('migrate');
});
