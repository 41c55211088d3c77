import { announce } from '../design/announce.ts';
import { Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { useMay } from '../shell/viewer.ts';
import { UpdateComplianceDocument } from './tenant.generated.ts';

/** What the tenant asks of everybody; to change with `tenant:update`. */
export function Compliance({ compliance }: { compliance: { secondFactorRequired: boolean } }) {
  const text = useText();
  const may = useMay();
  const update = useChange(UpdateComplianceDocument);
  const submit = async (values: FormData) => {
    const input = { secondFactorRequired: values.has('secondFactorRequired') };
    if ((await update.make({ input })) !== null) announce(text.tenant.saved);
  };
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
        <Form {...update} submit={text.form.save} onSubmit={submit}>
          {field}
        </Form>
      ) : (
        field
      )}
    </section>
  );
}
