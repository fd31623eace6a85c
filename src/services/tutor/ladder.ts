import type { TutorRequest } from '#contract/tutor.ts';
import type { Module } from '#contract/vocabulary.ts';

type Attempt = TutorRequest['attempts'][number];

/** What usually helps in a module, for problems whose author wrote no hints. */
const ADVICE: Record<Module, string> = {
  introduction: 'Say in one sentence what comes in and what goes out, then write that sentence as code.',
  'arrays-strings': 'Ask what two positions moving through the data, or a running total, would save you.',
  hashing: 'Ask what you would like to look up in one step, and keep exactly that in a map or a set.',
  'linked-lists':
    'Draw three nodes, and write down which reference changes at each step and what must be saved first.',
  'stacks-queues': 'Ask which element you need next: the newest one seen, or the oldest one still waiting.',
  'trees-graphs':
    'Decide what one node has to know from adjacent nodes, and how you mark what you have visited.',
  'sorting-searching':
    'Ask what becomes easy once the data is in order, or which half you can rule out at each step.',
  heaps: 'Ask whether only the smallest or largest few elements matter at any moment.',
  greedy: 'Find the choice that never has to be taken back, and an argument why it does no harm.',
  'dynamic-programming':
    'Write the answer for size n with the answers for smaller sizes, then note where it starts.',
  'recursion-backtracking':
    'List the choices open at one step, and undo each of them before you try the next.',
  'bit-manipulation':
    'Write the numbers in binary and watch what and, or, exclusive or and shifts do to a column.',
  'math-geometry': 'Work out small cases on paper and look for the rule before you write a loop.',
  design:
    'List the operations with the cost you want for each, then choose the structure that pays for all of them.',
};

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function firstExample({ problem }: TutorRequest): string {
  const [test] = problem.visible_tests;
  if (test === undefined) return 'Make up the smallest input that you can solve by hand.';
  const call = `${problem.entry_point}(${test.args.map(show).join(', ')})`;
  return `Work through ${call} by hand; it has to come out as ${show(test.expected)}.`;
}

/** The author's hints, or three general ones from vague to concrete when there are none. */
export function hintLadder(request: TutorRequest): readonly [string, ...string[]] {
  const [first, ...others] = request.hint_ladder.filter((rung) => rung.trim() !== '');
  if (first !== undefined) return [first, ...others];
  return [
    `${firstExample(request)} Which facts did you use, and in which order?`,
    ADVICE[request.problem.module],
    'Write the plainest version that tries everything, pass the visible tests with it, then mark what it computes ' +
      'twice: that is what to keep instead of computing it again. Empty, single and equal inputs come last.',
  ];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function passedOf({ visible_passed, visible_total }: Attempt): string {
  return `${visible_passed} of ${visible_total} visible tests`;
}

/** One sentence that takes the learner's attempts in view; verdicts of single hidden tests are not in there. */
export function openingSentence({ attempts, code }: TutorRequest): string {
  const judged = attempts.toSorted((a, b) => a.attempt - b.attempt);
  const last = judged.at(-1);
  if (last === undefined) {
    return code === null || code.trim() === ''
      ? 'You have not tried this one yet, so let us begin with the idea.'
      : 'You have not handed in an attempt yet; keep the code you have begun in view.';
  }
  const failed = judged.filter(
    ({ verdict }) => verdict !== null && verdict !== 'AC' && verdict !== 'IE',
  ).length;
  switch (last.verdict) {
    case null:
    case 'IE':
      return `Attempt ${last.attempt} has not been judged yet, so let us look at the idea meanwhile.`;
    case 'AC':
      return `Attempt ${last.attempt} was accepted, so this is about doing it better.`;
    case 'CE':
      return `Attempt ${last.attempt} could not be compiled: read the message and its line first.`;
    case 'WA':
    case 'TLE':
    case 'MLE':
    case 'OLE':
    case 'RE':
      break;
  }
  const score = `the last attempt ended with ${last.verdict} and passed ${passedOf(last)}`;
  if (failed >= 3)
    return `You have tried ${times(failed)} without success and ${score}: step back for a moment.`;
  return last.visible_passed === last.visible_total
    ? `Attempt ${last.attempt} ended with ${last.verdict} though it passed ${passedOf(last)}: think of inputs they do not show.`
    : `Attempt ${last.attempt} ended with ${last.verdict} and passed ${passedOf(last)}: begin with one that fails.`;
}

/**
 * The hint at `level`, after a sentence on the attempts and the learner's question. Beyond the last rung it goes
 * over the first and the last one again with the first example.
 */
export function ladderHint(request: TutorRequest): string {
  const ladder = hintLadder(request);
  const rung = ladder[request.level - 1];
  const hint =
    rung ??
    `There is no further hint, so take the way once more. It begins here: ${ladder[0]} It ends here: ` +
      `${ladder.at(-1) ?? ladder[0]} ${firstExample(request)}`;
  const question = request.question?.trim() ?? '';
  const asked = question === '' ? [] : [`You asked: “${question.slice(0, 300)}”.`];
  return [openingSentence(request), ...asked, hint].join(' ');
}
