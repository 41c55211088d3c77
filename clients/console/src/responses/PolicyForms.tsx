import { useState } from 'react';
import { Choices } from '../design/Choices.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { choicesOf, Form, numberOf, textOf } from '../design/Form.tsx';
import type { FindingSeverity } from '../findings/findings.generated.ts';
import { useText } from '../language/language.ts';
import { type ChangeForm, useChangeForm } from '../platform/change-form.ts';
import {
  CreateResponsePolicyDocument,
  type ResponseKind,
  type ResponseMode,
  type ResponsePoliciesPageQuery,
  type ResponseTargetKind,
  UpdateResponsePolicyDocument,
} from './responses.generated.ts';

export type Policy = NonNullable<ResponsePoliciesPageQuery['responsePolicies']>[number];

export function CreatePolicy({ onClose }: { onClose: () => void }) {
  const { policies: text } = useText().responses;
  const form = useChangeForm(CreateResponsePolicyDocument, {
    input: (values) => policyOf(values, null),
    says: (_done, { name }) => text.created(name),
    onDone: onClose,
    of: ['ResponsePolicy'],
  });
  return <PolicyForm form={form} submit={text.create} policy={null} onClose={onClose} />;
}

export function ChangePolicy({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const { policies: text } = useText().responses;
  const form = useChangeForm(UpdateResponsePolicyDocument, {
    input: (values) => ({ id: policy.id, policy: policyOf(values, policy) }),
    says: (_done, input) => text.changed(input.policy.name),
    onDone: onClose,
    of: ['ResponsePolicy'],
  });
  return <PolicyForm form={form} submit={text.change} policy={policy} onClose={onClose} />;
}

/** What was chosen is one of the options, so that each cast holds. */
function policyOf(values: FormData, before: Policy | null) {
  const kind = textOf(values, 'kind') as ResponseKind;
  return {
    name: textOf(values, 'name'),
    kind,
    targetKinds:
      kind === 'BLOCK' ? (choicesOf(values, 'target') as ResponseTargetKind[]) : ['PERSON' as const],
    minimumSeverity: textOf(values, 'severity') as FindingSeverity,
    // Programs may have named rules; the form leaves them as they are.
    ruleIds: before?.ruleIds ?? [],
    mode: textOf(values, 'mode') as ResponseMode,
    minutes: numberOf(values, 'minutes'),
    isEnabled: values.has('isEnabled'),
  };
}

const optionsOf = (words: Record<string, string>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

interface PolicyFormProps {
  form: ChangeForm;
  submit: string;
  policy: Policy | null;
  onClose: () => void;
}

function PolicyForm({ form, submit, policy, onClose }: PolicyFormProps) {
  const text = useText();
  const { policies: own, ...shared } = text.responses;
  const [kind, setKind] = useState<ResponseKind>(policy?.kind ?? 'BLOCK');
  return (
    <Dialog title={submit} onClose={onClose}>
      <Form {...form} submit={submit} onCancel={onClose}>
        <TextField label={own.name} name="name" required maxLength={100} defaultValue={policy?.name ?? ''} />
        <SelectField
          label={shared.kind}
          name="kind"
          defaultValue={kind}
          options={optionsOf(shared.kinds)}
          onChange={(value) => setKind(value as ResponseKind)}
        />
        {kind === 'BLOCK' && (
          <Choices
            legend={shared.targetKind}
            name="target"
            none=""
            chosen={policy?.targetKinds ?? ['PERSON']}
            choices={optionsOf(shared.targetKinds)}
          />
        )}
        <SelectField
          label={own.severity}
          name="severity"
          defaultValue={policy?.minimumSeverity ?? 'HIGH'}
          options={optionsOf(text.findings.severities)}
        />
        <SelectField
          label={shared.mode}
          name="mode"
          defaultValue={policy?.mode ?? 'APPROVAL'}
          options={optionsOf(shared.modes)}
        />
        <TextField
          label={shared.minutes}
          name="minutes"
          type="number"
          min={1}
          max={43_200}
          hint={shared.minutesHint}
          defaultValue={policy?.minutes ?? ''}
        />
        <label className="choice">
          <input type="checkbox" name="isEnabled" defaultChecked={policy?.isEnabled ?? true} />
          <span>{own.isEnabled}</span>
        </label>
      </Form>
    </Dialog>
  );
}
