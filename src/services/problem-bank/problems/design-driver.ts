import type { Json } from '#contract/problem-bank.ts';

/** One call of a design test: the method, then its arguments. */
type Call = [method: string, ...args: Json[]];

/** `count` calls, one for each number from 0. */
export function calls(count: number, call: (i: number) => Call): Call[] {
  return Array.from({ length: count }, (_, i) => call(i));
}

/** `count` nulls: the results of that many calls that return nothing. */
export function nothing(count: number): null[] {
  return Array.from({ length: count }, () => null);
}

/** Explains, in every statement of this module, how a class is judged by one function call. */
export const howItIsRun = `**How it is run.** The function \`simulate(ctor_args, calls)\` is given beneath the class: it makes one object with
the constructor arguments \`ctor_args\`, performs the calls \`[method, ...arguments]\` in turn and returns the list of
their results, \`null\` for a method that returns nothing. Only the class has to be written.`;

/** The driver of a Python solution for the class `name`. */
export function pythonDriver(name: string): string {
  return `

def simulate(ctor_args, calls):
    target = ${name}(*ctor_args)
    return [getattr(target, method)(*args) for method, *args in calls]
`;
}

/** The driver of a JavaScript solution for the class `name`. */
export function javascriptDriver(name: string): string {
  return `
function simulate(ctor_args, calls) {
  const target = new ${name}(...ctor_args);
  return calls.map(([method, ...args]) => target[method](...args) ?? null);
}
`;
}
