import { useState } from 'react';
import { SelectField, TextField } from '../design/Field.tsx';
import { Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import type { ChangeForm } from '../platform/change-form.ts';
import type { EditedCheckFragment } from './check-form.generated.ts';
import { SettingInput } from './SettingInput.tsx';
import { type FormKind, fieldsOf, isFormKind, kinds } from './settings-fields.ts';

export interface CheckFormProps {
  form: ChangeForm;
  submit: string;
  /** The check that is changed; null: a new one. */
  check: EditedCheckFragment | null;
  onCancel: () => void;
}

const kindsInOrder = Object.keys(kinds);

/** Everything that a check can be told, by its kind. */
export function CheckForm({ form, submit, check, onCancel }: CheckFormProps) {
  const {
    health: { form: text },
  } = useText();
  const [kind, setKind] = useState<FormKind>(check !== null && isFormKind(check.kind) ? check.kind : 'HTTP');
  const { target, fields } = fieldsOf(kind);
  const settings: Readonly<Record<string, unknown>> = check?.settings ?? {};
  return (
    <Form {...form} submit={submit} onCancel={onCancel}>
      <TextField label={text.name} name="name" maxLength={100} defaultValue={check?.name ?? ''} required />
      {check === null ? (
        <SelectField
          label={text.kind}
          name="kind"
          defaultValue={kind}
          options={kindsInOrder.map((each) => ({ value: each, label: text.kinds[each as FormKind] }))} // keys of `kinds`
          onChange={(chosen) => isFormKind(chosen) && setKind(chosen)}
        />
      ) : (
        <p className="quiet">{text.kinds[kind]}</p>
      )}
      {target !== null && (
        <TextField
          key={`target of ${kind}`}
          label={text.target}
          name="target"
          maxLength={2_000}
          defaultValue={check?.target ?? ''}
          hint={check?.hasSecrets ? text.secretsKept : text.targetHint(target)}
          required
        />
      )}
      {fields.map((field) => (
        <SettingInput
          key={`${kind} ${field.name}`}
          field={field}
          settings={settings}
          isNew={check === null}
        />
      ))}
      {target !== null && <Times check={check} />}
    </Form>
  );
}

function Times({ check }: Pick<CheckFormProps, 'check'>) {
  const {
    health: { form: text },
  } = useText();
  const times = [
    { label: text.interval, name: 'interval', ms: check?.intervalMs ?? 30_000, min: 5 },
    { label: text.timeout, name: 'timeout', ms: check?.timeoutMs ?? 5_000, min: 0.1 },
    { label: text.downAfter, name: 'downAfter', ms: check?.downAfterMs ?? 3_000, min: 0 },
    { label: text.upAfter, name: 'upAfter', ms: check?.upAfterMs ?? 0, min: 0 },
  ];
  return (
    <>
      {times.map(({ label, name, ms, min }) => (
        <TextField
          key={name}
          {...{ label, name, min }}
          type="number"
          step="any"
          defaultValue={ms / 1_000}
          required
        />
      ))}
      <TextField
        label={text.degradedAfter}
        name="degradedAfter"
        type="number"
        min={1}
        max={30_000}
        hint={text.degradedHint}
        {...(check?.degradedAfterMs ? { defaultValue: check.degradedAfterMs } : {})}
      />
    </>
  );
}
