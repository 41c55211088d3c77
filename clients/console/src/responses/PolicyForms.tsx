import { useState } from 'react';
import { Choices } from '../design/Choices.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { choicesOf, Form, numberOf, textOf } from '../design/Form.tsx';
import type { FindingSeverity } from '../findings/findings.generated.ts';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import {
  CreateResponsePolicyDocument,
  type ResponseKind,
  type ResponseMode,
  type ResponseTargetKind,
} from './responses.generated.ts';

const optionsOf = (words: Record<string, string>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** What was chosen is one of the options, so that each cast below holds. */
export function CreatePolicy({ onClose }: { onClose: () => void }) {
  const text = useText();
  const { policies: own, ...shared } = text.responses;
  const [kind, setKind] = useState<ResponseKind>('BLOCK');
  const form = useChangeForm(CreateResponsePolicyDocument, {
    input: (values) => ({
      name: textOf(values, 'name'),
      kind,
      targetKinds:
        kind === 'BLOCK' ? (choicesOf(values, 'target') as ResponseTargetKind[]) : ['PERSON' as const],
      minimumSeverity: textOf(values, 'severity') as FindingSeverity,
      ruleIds: [],
      mode: textOf(values, 'mode') as ResponseMode,
      minutes: numberOf(values, 'minutes'),
      isEnabled: true,
    }),
    says: (_done, { name }) => own.created(name),
    onDone: onClose,
    of: ['ResponsePolicy'],
  });
  return (
    <Dialog title={own.create} onClose={onClose}>
      <Form {...form} submit={own.create} onCancel={onClose}>
        <TextField label={own.name} name="name" required maxLength={100} />
        <SelectField
          label={shared.kind}
          name="kind"
          defaultValue="BLOCK"
          options={optionsOf(shared.kinds)}
          onChange={(value) => setKind(value as ResponseKind)}
        />
        {kind === 'BLOCK' && (
          <Choices
            legend={shared.targetKind}
            name="target"
            none=""
            chosen={['PERSON']}
            choices={optionsOf(shared.targetKinds)}
          />
        )}
        <SelectField
          label={own.severity}
          name="severity"
          defaultValue="HIGH"
          options={optionsOf(text.findings.severities)}
        />
        <SelectField
          label={shared.mode}
          name="mode"
          defaultValue="APPROVAL"
          options={optionsOf(shared.modes)}
        />
        <TextField
          label={shared.minutes}
          name="minutes"
          type="number"
          min={1}
          max={43_200}
          hint={shared.minutesHint}
        />
      </Form>
    </Dialog>
  );
}
