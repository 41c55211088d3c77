import { Choices } from '../design/Choices.tsx';
import { TextArea, TextField } from '../design/Field.tsx';
import { choicesOf, Form, numberOf, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useMay } from '../shell/viewer.ts';
import { ComplianceFacts } from './ComplianceFacts.tsx';
import { type OwnTenantQuery, type SignInMethod, UpdateComplianceDocument } from './tenant.generated.ts';

export type TenantCompliance = NonNullable<NonNullable<OwnTenantQuery['tenant']>['compliance']>;

export const signInMethods: readonly SignInMethod[] = ['PASSWORD', 'PASSKEY', 'SSO'];

/** What the tenant asks of everybody; to change with `tenant:update`. */
export function Compliance({ compliance }: { compliance: TenantCompliance }) {
  const { tenant: text } = useText();
  const may = useMay();
  return (
    <section className="panel">
      <h2>{text.compliance}</h2>
      {may('tenant:update') ? (
        <ComplianceForm compliance={compliance} />
      ) : (
        <ComplianceFacts compliance={compliance} />
      )}
    </section>
  );
}

function ComplianceForm({ compliance }: { compliance: TenantCompliance }) {
  const { tenant: text, form: words } = useText();
  const form = useChangeForm(UpdateComplianceDocument, {
    input: (values) => ({
      secondFactorRequired: values.has('secondFactorRequired'),
      signInMethods: signInMethods.filter((method) => choicesOf(values, 'signInMethod').includes(method)),
      allowedNetworks: textOf(values, 'allowedNetworks')
        .split(/[\s,]+/)
        .filter(Boolean),
      sessionMinutes: numberOf(values, 'sessionMinutes'),
      idleSessionMinutes: numberOf(values, 'idleSessionMinutes'),
    }),
    says: () => text.saved,
  });
  const minutes = { type: 'number', min: 30, max: 20_160 } as const;
  return (
    <Form {...form} submit={words.save}>
      <label className="choice">
        <input type="checkbox" name="secondFactorRequired" defaultChecked={compliance.secondFactorRequired} />
        <span>{text.secondFactor}</span>
        <small>{text.secondFactorLead}</small>
      </label>
      <Choices
        legend={text.signInMethods}
        name="signInMethod"
        chosen={compliance.signInMethods}
        none=""
        choices={signInMethods.map((value) => ({ value, label: text.signInMethod[value] }))}
      />
      <TextArea
        label={text.allowedNetworks}
        name="allowedNetworks"
        hint={text.allowedNetworksHint}
        defaultValue={compliance.allowedNetworks.join('\n')}
      />
      <TextField
        {...minutes}
        label={text.sessionMinutes}
        name="sessionMinutes"
        hint={text.sessionMinutesHint}
        defaultValue={compliance.sessionMinutes ?? ''}
      />
      <TextField
        {...minutes}
        label={text.idleSessionMinutes}
        name="idleSessionMinutes"
        hint={text.idleSessionMinutesHint}
        defaultValue={compliance.idleSessionMinutes ?? ''}
      />
    </Form>
  );
}
