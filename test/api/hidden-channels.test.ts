import { expect, test } from 'vitest';
import type { Evaluation } from '#contract/submissions.ts';
import type { Language } from '#contract/vocabulary.ts';
import { newLearner } from '../support/api.ts';
import { CANARY_PROBLEM } from '../support/canary-problem.ts';
import type { Judged } from '../support/submissions.ts';

/**
 * Ways in which a program could signal what it saw of a hidden input without another outcome of the test: what it does
 * with `on`, which says whether the bit is set, before it answers rightly or (with `wrong`) wrongly.
 */
type Channel = { name: string; python: string; javascript: string; wrong?: true };

const CHANNELS: readonly Channel[] = [
  {
    name: 'memory',
    python: 'keep.append(bytearray(60_000_000 if on else 10))',
    javascript: 'keep.push(new Uint8Array(on ? 40_000_000 : 10).fill(1));',
  },
  {
    name: 'time',
    python: 'sum(range(1_000_000 if on else 10))',
    javascript: 'for (let i = 0; i < (on ? 500_000 : 10); i += 1) keep[0] = i;',
  },
  {
    name: 'print',
    python: 'print(word * 50 if on else "")',
    javascript: 'console.log(on ? word.repeat(50) : "");',
  },
  {
    name: 'the answer',
    python: 'return [word, number] if on else None',
    javascript: 'return on ? [word, number] : null;',
    wrong: true,
  },
  {
    name: 'the error',
    python: 'if on: raise ValueError(word)\n    raise KeyError(number)',
    javascript: 'if (on) throw new RangeError(word);\n  throw new TypeError(String(number));',
    wrong: true,
  },
  {
    name: 'the next visible test',
    python: 'open("/tmp/seen", "w").write(word) if on else None',
    javascript: 'globalThis.seen = on ? word : "";',
  },
];

const indented = (code: string) => code.replaceAll('\n', '\n    ');

/** A program that is right about visible tests; in hidden ones it does what the channel says. */
const PROGRAMS: Record<Language, (channel: Channel, on: boolean) => string> = {
  python: ({ python }, on) => `keep = []
try:
    print(open("/tmp/seen").read())
except OSError:
    pass
def mirror(word, number):
    on = ${on ? 'True' : 'False'}
    if word.startswith("hidden"):
        pass
        ${indented(python)}
    return [word[::-1], number + 1]`,
  javascript: ({ javascript }, on) => `const keep = [];
function mirror(word, number) {
  const on = ${on};
  if (globalThis.seen) console.log(globalThis.seen);
  if (word.startsWith("hidden")) { ${javascript} }
  return [[...word].reverse().join(''), number + 1];
}`,
};

/** What an answer says apart from names and times of day; figures that are measured stand by themselves. */
function shownOf({ evaluation }: Judged) {
  const { verdict, test_cases_passed, test_cases_total, error_message, hidden } = evaluation;
  const tests = (evaluation.tests ?? []).map(({ runtime_ms: _, ...test }) => test);
  return { verdict, test_cases_passed, test_cases_total, error_message, hidden, tests };
}

/** Difference in a measured figure that is noise: a program without a signal differs by as much. */
const NOISE = { runtime_ms: 25, memory_mb: 2 };
const figure = (evaluation: Evaluation, name: keyof typeof NOISE) => evaluation[name] ?? Number.NaN;

test.each(['python', 'javascript'] as const)(
  '%s: memory, time, prints, answers and errors of hidden tests do not show',
  async (language) => {
    const learner = await newLearner('channels');
    const { path } = await learner.newPath();
    const taskId = await learner.newTask(path.id, CANARY_PROBLEM);
    const send = async (channel: Channel, on: boolean) => {
      const began = performance.now();
      const code = PROGRAMS[language](channel, on);
      const answer = await learner.post<Judged>(`/v1/study-tasks/${taskId}/submit`, { language, code });
      expect([channel.name, answer.status]).toEqual([channel.name, 200]);
      return { body: answer.body, wall: performance.now() - began };
    };
    for (const channel of CHANNELS) {
      const [off, on] = [await send(channel, false), await send(channel, true)];
      expect(shownOf(on.body), channel.name).toEqual(shownOf(off.body));
      expect(on.body.evaluation.verdict === 'AC', channel.name).toBe(channel.wrong === undefined);
      expect(JSON.stringify(on.body), channel.name).not.toContain('hidden-');
      for (const name of ['runtime_ms', 'memory_mb'] as const) {
        const difference = Math.abs(figure(on.body.evaluation, name) - figure(off.body.evaluation, name));
        expect(difference, `${name} by ${channel.name}`).toBeLessThanOrEqual(NOISE[name]);
      }
      // The time of the answer itself remains; only the caps on submissions bound what it tells.
      process.stdout.write(
        `${language}, ${channel.name}: answered in ${off.wall.toFixed(0)} ms without and ${on.wall.toFixed(0)} ms with the signal\n`,
      );
    }
  },
);
