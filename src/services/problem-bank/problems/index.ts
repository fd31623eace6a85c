import { arraysStrings } from './arrays-strings.ts';
import { bitManipulation } from './bit-manipulation.ts';
import { design } from './design.ts';
import { dynamicProgramming } from './dynamic-programming.ts';
import { greedy } from './greedy.ts';
import { hashing } from './hashing.ts';
import { heaps } from './heaps.ts';
import { introduction } from './introduction.ts';
import { linkedLists } from './linked-lists.ts';
import { mathGeometry } from './math-geometry.ts';
import type { ProblemInput } from './problem-input.ts';
import { recursionBacktracking } from './recursion-backtracking.ts';
import { sortingSearching } from './sorting-searching.ts';
import { stacksQueues } from './stacks-queues.ts';
import { treesGraphs } from './trees-graphs.ts';

/** The problems that ship with this program, by module in teaching order. */
export const ownProblems: readonly ProblemInput[] = [
  ...introduction,
  ...arraysStrings,
  ...hashing,
  ...linkedLists,
  ...stacksQueues,
  ...treesGraphs,
  ...sortingSearching,
  ...heaps,
  ...greedy,
  ...dynamicProgramming,
  ...recursionBacktracking,
  ...bitManipulation,
  ...mathGeometry,
  ...design,
];
