import type { PathConfig } from '#contract/paths.ts';
import type { Module } from '#contract/vocabulary.ts';
import { MODULE_NAMES } from '../../ui/names.ts';

const MODULES = Object.keys(MODULE_NAMES) as Module[];
const WEIGHTS = [0, 0.5, 1, 2, 3, 5, 10] as const;
const WEIGHT_NAMES = new Map<number, string>([
  [0, 'Left out'],
  [0.5, 'Less'],
  [1, 'Normal'],
  [2, 'Twice'],
  [3, 'Three times'],
  [5, 'Five times'],
  [10, 'Ten times'],
]);

type Choice = Pick<PathConfig, 'modules' | 'unlocked_modules' | 'module_weights'>;

/** Which modules are practised, which are open from the start, and how much of each. */
export function ModuleChoice({
  value,
  onChange,
}: {
  value: Choice;
  onChange(change: Partial<Choice>): void;
}) {
  const { modules, unlocked_modules: open, module_weights: weights } = value;
  const practised = modules ?? MODULES;
  const inOrder = (wanted: readonly Module[]) => MODULES.filter((module) => wanted.includes(module));
  const toggled = (list: readonly Module[], module: Module) =>
    inOrder(list.includes(module) ? list.filter((name) => name !== module) : [...list, module]);

  function practise(module: Module) {
    const next = toggled(practised, module);
    // A path without a module would have nothing to give; all of them is the contract's null.
    if (next.length > 0) onChange({ modules: next.length === MODULES.length ? null : next });
  }

  function weigh(module: Module, weight: number) {
    const { [module]: _, ...others } = weights;
    onChange({ module_weights: weight === 1 ? others : { ...weights, [module]: weight } });
  }

  return (
    <details>
      <summary>{`Modules: ${modules === null ? 'all' : `${modules.length} of ${MODULES.length}`}`}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="table-scroll" tabIndex={0} aria-label="Modules">
        <table class="module-choice">
          <thead>
            <tr>
              <th scope="col">Module</th>
              <th scope="col">Practised</th>
              <th scope="col">Open early</th>
              <th scope="col">How much</th>
            </tr>
          </thead>
          <tbody>
            {MODULES.map((module) => (
              <tr key={module}>
                <th scope="row">{MODULE_NAMES[module]}</th>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Practise ${MODULE_NAMES[module]}`}
                    checked={practised.includes(module)}
                    onChange={() => practise(module)}
                  />
                </td>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Open ${MODULE_NAMES[module]} early`}
                    checked={open.includes(module)}
                    onChange={() => onChange({ unlocked_modules: toggled(open, module) })}
                  />
                </td>
                <td>
                  <select
                    aria-label={`How much of ${MODULE_NAMES[module]}`}
                    value={String(weights[module] ?? 1)}
                    onChange={(event) => weigh(module, Number(event.currentTarget.value))}
                  >
                    {[...new Set([...WEIGHTS, weights[module] ?? 1])].map((weight) => (
                      <option key={weight} value={String(weight)}>
                        {WEIGHT_NAMES.get(weight) ?? `${weight} times`}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
