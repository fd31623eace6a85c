import { useState } from 'preact/hooks';
import { isStudyPathsError } from '#client/errors.ts';
import { changePath } from '#client/path-calls.ts';
import type { PathConfig, StudyPath } from '#contract/paths.ts';
import { send } from '../../api/client.ts';
import { toast } from '../../kit/announce.ts';
import { browserZone } from '../../time/dates.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { ModuleChoice } from './module-choice.tsx';
import { NUMBER_FIELDS, type NumberField, parseText, textOf } from './path-fields.ts';

const COMPLETION = [
  { value: 'first_attempt', label: 'With its first judged submission' },
  { value: 'until_passed', label: 'Only when every test passes' },
] as const;

type Draft = {
  texts: Record<string, string>;
  rest: Pick<PathConfig, 'completion' | 'time_zone' | 'modules' | 'unlocked_modules' | 'module_weights'>;
};

function draftOf(config: PathConfig): Draft {
  const { completion, time_zone, modules, unlocked_modules, module_weights } = config;
  return {
    texts: Object.fromEntries(NUMBER_FIELDS.map((field) => [field.key, textOf(field, config[field.key])])),
    rest: { completion, time_zone, modules, unlocked_modules, module_weights },
  };
}

/** The keys of the config that the draft changes, or what is wrong with it, by key. */
function changeOf(
  draft: Draft,
  config: PathConfig,
): { change: Partial<PathConfig>; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const wished: Record<string, unknown> = { ...draft.rest };
  for (const field of NUMBER_FIELDS) {
    const parsed = parseText(field, draft.texts[field.key] ?? '');
    if ('error' in parsed) errors[field.key] = parsed.error;
    else wished[field.key] = parsed.value;
  }
  const changed = Object.entries(wished).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(config[key as keyof PathConfig]),
  );
  return { change: Object.fromEntries(changed), errors };
}

/** The config of a path: what is practised, how much of it and when it comes back. Only what was changed is sent. */
export function PathForm({ path, onChanged }: { path: StudyPath; onChanged(path: StudyPath): void }) {
  const [draft, setDraft] = useState(() => draftOf(path.config));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const change = (rest: Partial<Draft['rest']>) => setDraft({ ...draft, rest: { ...draft.rest, ...rest } });
  const changes = changeOf(draft, path.config);
  const dirty = Object.keys(changes.change).length > 0 || Object.keys(changes.errors).length > 0;

  async function save(event: SubmitEvent) {
    event.preventDefault();
    setErrors(changes.errors);
    if (busy || Object.keys(changes.errors).length > 0 || !dirty) return;
    setBusy(true);
    try {
      const answer = await send(changePath(path.id, changes.change));
      setDraft(draftOf(answer.path.config));
      onChanged(answer.path);
      toast('Your path has changed.', 'good');
    } catch (error) {
      if (!isStudyPathsError(error)) throw error;
      setErrors(
        Object.fromEntries(
          (error.problem?.errors ?? []).map(({ path: at, message }) => [
            at.split('.')[1] ?? at,
            `It ${message}.`,
          ]),
        ),
      );
      toast(error.message, 'bad');
    } finally {
      setBusy(false);
    }
  }

  return (
    <form class="card stack" onSubmit={save} noValidate aria-labelledby="path-settings">
      <h2 id="path-settings">Your path</h2>
      <div class="form-grid">
        {NUMBER_FIELDS.map((field) => (
          <NumberInput
            key={field.key}
            field={field}
            text={draft.texts[field.key] ?? ''}
            error={errors[field.key] ?? null}
            onText={(text) => {
              setDraft({ ...draft, texts: { ...draft.texts, [field.key]: text } });
              setErrors({});
            }}
          />
        ))}
        <Select
          label="A problem is completed"
          hint="Later submissions count as further attempts."
          value={draft.rest.completion}
          options={COMPLETION}
          onChange={(completion) => change({ completion })}
        />
        <Field
          label="Time zone"
          hint={`Your days are counted in it from now on. Here it is ${browserZone()}.`}
          error={errors.time_zone ?? null}
        >
          {(attributes) => (
            <>
              <input
                {...attributes}
                type="text"
                list="time-zones"
                value={draft.rest.time_zone}
                onInput={(event) => change({ time_zone: event.currentTarget.value })}
              />
              <datalist id="time-zones">
                {Intl.supportedValuesOf('timeZone').map((zone) => (
                  <option key={zone} value={zone} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </div>
      <ModuleChoice value={draft.rest} onChange={change} />
      <div class="actions">
        <Button look="primary" submit busy={busy} disabled={!dirty}>
          Save
        </Button>
        {dirty && (
          <Button
            look="quiet"
            onClick={() => {
              setDraft(draftOf(path.config));
              setErrors({});
            }}
          >
            Discard changes
          </Button>
        )}
      </div>
    </form>
  );
}

type NumberInputProps = {
  field: NumberField;
  text: string;
  error: string | null;
  onText(text: string): void;
};

function NumberInput({ field, text, error, onText }: NumberInputProps) {
  return (
    <Field label={field.label} hint={field.hint} error={error}>
      {(attributes) => (
        <input
          {...attributes}
          type="number"
          inputMode="numeric"
          min={field.min}
          max={field.max}
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
