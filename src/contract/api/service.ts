import { Health, Readiness } from '../health.ts';
import { SERVICES } from '../services.ts';
import type { Operation } from './operation.ts';

const NAMES = Object.values(SERVICES).map(({ check }) => check);
const CHECKS = Object.fromEntries(NAMES.map((name) => [name, { ok: true, ms: 5 }]));
const LIST = new Intl.ListFormat('en-GB').format(NAMES.map((name) => name.replaceAll('_', ' ')));

export const serviceOperations: readonly Operation[] = [
  {
    id: 'getHealth',
    method: 'get',
    path: '/healthz',
    tag: 'service',
    open: true,
    summary: 'Does the service run?',
    description: 'Answers as long as the Worker runs, whatever the services do that it needs.',
    answers: {
      200: {
        description: 'It runs.',
        content: { 'application/json': { schema: Health, example: { status: 'ok' } } },
      },
    },
  },
  {
    id: 'getReadiness',
    method: 'get',
    path: '/readyz',
    tag: 'service',
    open: true,
    summary: 'Do the services that it needs answer?',
    description: `Asks ${LIST}, at most every five seconds, and proves each service key by a call that needs it. \`fault\` and \`warnings\` name the variable to look at.`,
    answers: {
      200: {
        description: 'All of them answer and take their keys.',
        content: {
          'application/json': { schema: Readiness, example: { ready: true, checks: CHECKS, warnings: [] } },
        },
      },
      503: {
        description: 'Some do not, or variables of the deployment are missing.',
        content: {
          'application/json': {
            schema: Readiness,
            example: {
              ready: false,
              checks: {
                ...CHECKS,
                tutor: {
                  ok: false,
                  ms: 6,
                  fault: { name: 'TUTOR_API_KEY', message: 'The service refuses this key.' },
                },
              },
              warnings: [],
            },
          },
        },
      },
    },
  },
];
