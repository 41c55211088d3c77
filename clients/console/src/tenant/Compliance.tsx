import { Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useMay } from '../shell/viewer.ts';
import { UpdateComplianceDocument } from './tenant.generated.ts';

/** What the tenant asks of everybody; to change with `tenant:update`. */
export function Compliance({ compliance }: { compliance: { secondFactorRequired: boolean } }) {
  const text = useText();
  const may = useMay();
  const form = useChangeForm(UpdateComplianceDocument, {
    input: (values) => ({ secondFactorRequired: values.has('secondFactorRequired') }),
    says: () => text.tenant.saved,
  });
  const field = (
    <label className="choice">
      <input
        type="checkbox"
        name="secondFactorRequired"
        defaultChecked={compliance.secondFactorRequired}
        disabled={!may('tenant:update')}
      />
      <span>{text.tenant.secondFactor}</span>
      <small>{text.tenant.secondFactorLead}</small>
    </label>
  );
  return (
    <section className="panel">
      <h2>{text.tenant.compliance}</h2>
      {may('tenant:update') ? (
        <Form {...form} submit={text.form.save}>
          {field}
        </Form>
      ) : (
        field
      )}
    </section>
  );
}
