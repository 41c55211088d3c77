import { TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useMay } from '../shell/viewer.ts';
import { UpdateRetentionDocument } from './policies.generated.ts';

export function Retention({ days }: { days: number | null }) {
  const text = useText();
  const may = useMay();
  const { retention: words } = text;
  const form = useChangeForm(UpdateRetentionDocument, {
    input: (values) => {
      const typed = textOf(values, 'retentionDays');
      return { retentionDays: typed === '' ? null : Number(typed) };
    },
    says: () => text.tenant.saved,
  });
  return (
    <section className="panel">
      <h2>{words.title}</h2>
      {may('tenant:update') ? (
        <Form {...form} submit={text.form.save}>
          <TextField
            label={words.days}
            name="retentionDays"
            hint={words.hint}
            type="number"
            min={7}
            max={3650}
            defaultValue={days ?? ''}
          />
        </Form>
      ) : (
        <p>{words.kept(days)}</p>
      )}
    </section>
  );
}
