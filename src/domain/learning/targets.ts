import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Module } from '#contract/vocabulary.ts';

/** Problems to solve in a whole path, over all its modules. */
const PATH_GOAL = 300;
/** Least goal of a module that holds as many problems. */
const LEAST = 8;

type TargetConfig = {
  module_target: number | null;
  module_weights: Partial<Record<Module, number>>;
};

/** Weight of a module among those that are practised, 0 to 10; 1 unless the config names it. */
export function weightOf({ module_weights }: Pick<TargetConfig, 'module_weights'>, module: Module): number {
  return module_weights[module] ?? 1;
}

/**
 * Problems to solve in each module of a path. The learner's wish where there is one (`module_target`), else the module's
 * part of 300 by its size and its weight, at least 8; never more than the bank holds in it.
 * @param practised modules of weight above 0.
 */
export function moduleTargets(
  practised: readonly Module[],
  byModule: ReadonlyMap<Module, readonly ProblemSummary[]>,
  config: TargetConfig,
): Map<Module, number> {
  const sizeOf = (module: Module) => byModule.get(module)?.length ?? 0;
  const share = (module: Module) => sizeOf(module) * weightOf(config, module);
  const all = practised.reduce((sum, module) => sum + share(module), 0);
  return new Map(
    practised.map((module) => {
      const wish = config.module_target ?? Math.max(LEAST, Math.round((PATH_GOAL * share(module)) / all));
      return [module, Math.min(sizeOf(module), wish)];
    }),
  );
}
