import type { Language } from '#contract/vocabulary.ts';

/** What learners' programs try in order to carry a hidden input out, and the verdict that each gets. */
export const CANARY_PROGRAMS: readonly { language: Language; what: string; verdict: string; code: string }[] =
  [
    {
      language: 'python',
      what: 'right, printing all it gets',
      verdict: 'AC',
      code: `seen = []
def mirror(word, number):
    seen.append((word, number))
    print(seen)
    return [word[::-1], number + 1]`,
    },
    {
      language: 'python',
      what: 'raising its input',
      verdict: 'RE',
      code: 'def mirror(word, number):\n    raise ValueError(f"{word} {number}")',
    },
    {
      language: 'python',
      what: 'naming the exception by its input, for hidden tests alone',
      verdict: 'RE',
      code: `def mirror(word, number):
    if word.startswith("visible"):
        return [word[::-1], number + 1]
    raise type(word, (Exception,), {})(word)`,
    },
    {
      language: 'python',
      what: 'exiting with its input',
      verdict: 'RE',
      code: 'import sys\ndef mirror(word, number):\n    sys.stderr.write(word)\n    sys.exit(f"{word} {number}")',
    },
    {
      language: 'python',
      what: 'wrong, returning its input',
      verdict: 'WA',
      code: 'def mirror(word, number):\n    return {"word": word, "number": number}',
    },
    {
      language: 'javascript',
      what: 'right, printing all it gets',
      verdict: 'AC',
      code: `const seen = [];
function mirror(word, number) {
  seen.push([word, number]);
  console.log(JSON.stringify(seen));
  return [[...word].reverse().join(''), number + 1];
}`,
    },
    {
      language: 'javascript',
      what: 'throwing its input',
      verdict: 'RE',
      code: 'function mirror(word, number) { throw Object.assign(new Error(word), { name: word, number }); }',
    },
    {
      language: 'javascript',
      what: 'that does not compile',
      verdict: 'CE',
      code: 'function mirror(word, number) { return word',
    },
  ];
