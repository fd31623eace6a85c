/**
 * What a proof is asked to do. The seed decides every random choice, so that the same figures give the same run, except
 * for what the operating system's scheduler decides in a race.
 */
export type ProveOptions = {
  seed: number;
  /** How many cases at least; null takes the module's own figure, chosen for `npm run prove -- all`. */
  runs: number | null;
  /** Progress for whoever waits. */
  say: (line: string) => void;
};

/** Something that must never happen and did. */
export type Violation = {
  /** What is broken, in one line; never more than the reader needs to see it. */
  what: string;
  /** How to see it again: arguments of `npm run prove`, or the case itself. */
  replay: string;
};

/** One line of the table. */
export type Row = {
  name: string;
  runs: number;
  /** What was made to go wrong, and how often. */
  faults: Record<string, number>;
  violations: number;
  seconds: number;
};

/** A planted bug: the same proof, run against a product that is wrong on purpose, has to find it. */
export type Mutant = {
  name: string;
  /** The violation that gave it away; null when nothing did. */
  caught: string | null;
};

export type Report = { rows: Row[]; violations: Violation[]; mutants: Mutant[]; seconds: number };

/**
 * A proof. Every file of this folder beside this one and `main.ts` exports one as `proof`; what several of them need is in
 * `kit/`, planted bugs are in `mutants/`. A proof starts and stops all it needs, and throws only when it could not run.
 */
export type Proof = {
  name: string;
  /** What it takes by itself on two cores, about: `all` begins with the longest. */
  seconds: number;
  run(options: ProveOptions): Promise<Report>;
};
