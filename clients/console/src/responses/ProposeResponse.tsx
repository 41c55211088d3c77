import { useState } from 'react';
import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { Form, numberOf, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useMay } from '../shell/viewer.ts';
import { ProposeResponseDocument, type ResponseKind, type ResponseMode } from './responses.generated.ts';
import { kindsFor, type Target } from './rules.ts';

export interface ProposeResponseProps {
  finding: { id: string };
  /** One at least. */
  targets: readonly Target[];
  onClose: () => void;
}

export function ProposeResponse({ finding, targets, onClose }: ProposeResponseProps) {
  const { responses: text } = useText();
  const may = useMay();
  const [place, setPlace] = useState(0);
  const target = targets[place] ?? targets[0];
  const modes: ResponseMode[] = may('response:approve') ? ['AUTOMATIC', 'APPROVAL'] : ['APPROVAL'];
  const form = useChangeForm(ProposeResponseDocument, {
    input: (values) => ({
      kind: textOf(values, 'kind') as ResponseKind, // of the options below
      targetKind: target?.kind ?? 'PERSON',
      target: target?.value ?? '',
      reason: textOf(values, 'reason'),
      findingId: finding.id,
      mode: textOf(values, 'mode') as ResponseMode, // of the options below
      minutes: numberOf(values, 'minutes'),
    }),
    says: () => text.proposed,
    onDone: onClose,
    of: ['Response'],
  });
  return (
    <Dialog title={text.respond} onClose={onClose}>
      <Form {...form} submit={text.respond} onCancel={onClose}>
        <p>{text.respondLead}</p>
        <SelectField
          label={text.target}
          name="target"
          options={targets.map(({ kind, value }, index) => ({
            value: String(index),
            label: `${wordFor(text.targetKinds, kind)}: ${value}`,
          }))}
          onChange={(value) => setPlace(Number(value))}
        />
        <SelectField
          label={text.kind}
          name="kind"
          options={kindsFor(target?.kind ?? 'PERSON').map((value) => ({
            value,
            label: wordFor(text.kinds, value),
          }))}
        />
        <SelectField
          label={text.mode}
          name="mode"
          options={modes.map((value) => ({ value, label: wordFor(text.modes, value) }))}
        />
        <TextField
          label={text.minutes}
          name="minutes"
          type="number"
          min={1}
          max={43_200}
          hint={text.minutesHint}
        />
        <TextField label={text.reason} name="reason" required maxLength={500} />
      </Form>
    </Dialog>
  );
}
