import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { InstantField, instantOf } from '../design/InstantField.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { CreateSuppressionDocument, SuppressionRulesDocument } from './suppressions.generated.ts';

export function AddSuppression({ onClose }: { onClose: () => void }) {
  const { suppressions: text } = useText();
  const question = useQuestion(SuppressionRulesDocument, { variables: {}, of: ['DetectionRule'] });
  const form = useChangeForm(CreateSuppressionDocument, {
    input: (values) => ({
      ruleId: textOf(values, 'rule'),
      matches: [{ field: textOf(values, 'field'), value: textOf(values, 'value') }],
      reason: textOf(values, 'reason'),
      until: instantOf(values, 'until'),
    }),
    says: () => text.added,
    onDone: onClose,
    of: ['Suppression'],
  });
  return (
    <Dialog title={text.add} onClose={onClose}>
      <Loaded question={question}>
        {({ detectionRules }) => (
          <Form {...form} submit={text.add} onCancel={onClose}>
            <SelectField
              label={text.rule}
              name="rule"
              options={(detectionRules ?? []).map(({ id, title }) => ({ value: id, label: title }))}
            />
            <TextField label={text.field} name="field" required maxLength={100} />
            <TextField label={text.value} name="value" required maxLength={200} hint={text.valueHint} />
            <TextField label={text.reason} name="reason" required maxLength={500} />
            <InstantField label={text.untilHint} name="until" />
          </Form>
        )}
      </Loaded>
    </Dialog>
  );
}
