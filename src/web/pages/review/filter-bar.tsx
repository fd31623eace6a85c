import { useState } from 'preact/hooks';
import { difficultyShown } from '../../kit/preferences.ts';
import { useStore } from '../../kit/store.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Select, Switch } from '../../ui/field.tsx';
import { slidersHorizontal, x } from '../../ui/icons.ts';
import { DIFFICULTY_NAMES, FILTER_NAMES, KIND_NAMES, MODULE_NAMES, topicName } from '../../ui/names.ts';
import { Choice, Dropdown } from './choice.tsx';
import { dayAfter } from './days.ts';
import { DIFFICULTIES, type Filters, KINDS, MODULES, STATUSES } from './filters.ts';
import { SearchBox } from './search-box.tsx';

type FilterBarProps = {
  filters: Filters;
  /** Tags to choose from, beside those that are chosen. */
  topics: readonly string[];
  onChange(change: Partial<Filters>, again?: boolean): void;
};

const ORDERS = [
  { value: 'desc', label: 'Newest first' },
  { value: 'asc', label: 'Oldest first' },
] as const;

function Days({ filters: { from, to }, onChange }: Omit<FilterBarProps, 'topics'>) {
  // The address has the first day that is not shown; people say the last one that is.
  const until = to === null ? null : dayAfter(to, -1);
  const period = from === until ? from : `${from ?? '…'} – ${until ?? '…'}`;
  const dayOf = (event: { currentTarget: HTMLInputElement }) => event.currentTarget.value || null;
  return (
    <Dropdown label={period === null ? 'Dates' : `Dates: ${period}`} marked={period !== null}>
      <div class="stack-tight">
        <Field label="From">
          {(attributes) => (
            <input
              {...attributes}
              type="date"
              value={from ?? ''}
              {...(until === null ? {} : { max: until })}
              onChange={(event) => onChange({ from: dayOf(event) })}
            />
          )}
        </Field>
        <Field label="Until, inclusive">
          {(attributes) => (
            <input
              {...attributes}
              type="date"
              value={until ?? ''}
              {...(from === null ? {} : { min: from })}
              onChange={(event) => {
                const day = dayOf(event);
                onChange({ to: day === null ? null : dayAfter(day) });
              }}
            />
          )}
        </Field>
      </div>
    </Dropdown>
  );
}

/** How many of the filters are set, beside the search, which shows itself. */
function countSet({ module, status, difficulty, kind, topic, path_id, from, to }: Filters): number {
  const lists = [module, status, difficulty, kind, topic].filter(({ length }) => length > 0);
  return lists.length + (path_id === null ? 0 : 1) + (from === null && to === null ? 0 : 1);
}

/**
 * Which tasks the list shows, and in which order. Every change is a step that the back button undoes. Where the window
 * is narrow all but the search is folded, or it would fill the first screen.
 */
export function FilterBar({ filters, topics, onChange }: FilterBarProps) {
  const [unfolded, setUnfolded] = useState(false);
  const set = countSet(filters);
  const difficulty = useStore(difficultyShown) === 'shown';
  const allTopics = [...new Set([...topics, ...filters.topic])].toSorted();
  return (
    <section class="filters" aria-label="Filters">
      <div class="filters-line">
        <SearchBox value={filters.q} onChange={(q, again) => onChange({ q }, again)} />
        <div class="filters-fold">
          <Button
            icon={slidersHorizontal}
            aria-expanded={unfolded}
            aria-controls="filters-all"
            onClick={() => setUnfolded(!unfolded)}
          >
            {set === 0 ? 'Filters' : `Filters: ${set}`}
          </Button>
        </div>
      </div>
      <div id="filters-all" class={unfolded ? 'filters-line' : 'filters-line filters-folded'}>
        <Choice
          label="Module"
          options={MODULES}
          nameOf={(module) => MODULE_NAMES[module]}
          chosen={filters.module}
          onChange={(module) => onChange({ module })}
        />
        <Choice
          label="Status"
          options={STATUSES}
          nameOf={(status) => FILTER_NAMES[status]}
          chosen={filters.status}
          onChange={(status) => onChange({ status })}
        />
        {(difficulty || filters.difficulty.length > 0) && (
          <Choice
            label="Difficulty"
            options={DIFFICULTIES}
            nameOf={(level) => DIFFICULTY_NAMES[Number(level)] ?? level}
            chosen={filters.difficulty}
            onChange={(level) => onChange({ difficulty: level })}
          />
        )}
        <Choice
          label="Kind"
          options={KINDS}
          nameOf={(kind) => KIND_NAMES[kind]}
          chosen={filters.kind}
          onChange={(kind) => onChange({ kind })}
        />
        <Choice
          label="Topic"
          options={allTopics}
          nameOf={topicName}
          chosen={filters.topic}
          onChange={(topic) => onChange({ topic })}
        />
        <Days filters={filters} onChange={onChange} />
        {filters.path_id !== null && (
          <Button look="quiet" icon={x} onClick={() => onChange({ path_id: null })}>
            One path only
          </Button>
        )}
        <div class="filters-end">
          <Select
            label="Order"
            value={filters.order}
            options={ORDERS}
            onChange={(order) => onChange({ order })}
          />
          <Switch
            label="Show difficulty"
            checked={difficulty}
            onChange={(shown) => difficultyShown.set(shown ? 'shown' : 'hidden')}
          />
        </div>
      </div>
    </section>
  );
}
