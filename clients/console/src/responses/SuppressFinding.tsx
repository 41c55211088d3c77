import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { SuppressFindingDocument } from './responses.generated.ts';
import type { Subject } from './rules.ts';

export interface SuppressFindingProps {
  finding: { ruleId: string; subjects: readonly Subject[] };
  onClose: () => void;
}

export function SuppressFinding({ finding: { ruleId, subjects }, onClose }: SuppressFindingProps) {
  const { responses: text } = useText();
  const form = useChangeForm(SuppressFindingDocument, {
    input: (values) => ({
      ruleId,
      matches: [{ field: textOf(values, 'field'), value: textOf(values, 'value') }],
      reason: textOf(values, 'reason'),
      until: null,
    }),
    says: () => text.suppressed,
    onDone: onClose,
    of: ['Suppression'],
  });
  const [first] = subjects;
  return (
    <Dialog title={text.suppress} onClose={onClose}>
      <Form {...form} submit={text.suppress} onCancel={onClose}>
        <p>{text.suppressLead}</p>
        <TextField
          label={text.field}
          name="field"
          required
          maxLength={100}
          defaultValue={first?.field ?? ''}
        />
        <TextField
          label={text.value}
          name="value"
          required
          maxLength={200}
          hint={text.valueHint}
          defaultValue={first?.value ?? ''}
        />
        <TextField label={text.reason} name="reason" required maxLength={500} />
      </Form>
    </Dialog>
  );
}
