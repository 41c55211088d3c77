import { useState } from 'react';
import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { DomainChoices } from '../domains/DomainChoices.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useMay } from '../shell/viewer.ts';
import { OidcFields, oidcOf, SamlFields, samlOf } from './ProviderFields.tsx';
import { CreateOidcConnectionDocument, CreateSamlConnectionDocument } from './single-sign-on.generated.ts';

export interface CreateConnectionProps {
  /** It has addresses now that the provider has to know. */
  onDone: (connectionId: string) => void;
  onClose: () => void;
}

export function CreateConnection({ onDone, onClose }: CreateConnectionProps) {
  const { singleSignOn: text } = useText();
  const may = useMay();
  const [protocol, setProtocol] = useState('OIDC');
  const named = (values: FormData) => ({
    name: textOf(values, 'name'),
    domainIds: choicesOf(values, 'domain'),
  });
  const isDone = {
    says: (_done: unknown, { name }: { name: string }) => text.created(name),
    onDone: ({ ssoConnection }: { ssoConnection: { id: string } | null }) =>
      ssoConnection && onDone(ssoConnection.id),
  };
  const byOidc = useChangeForm(CreateOidcConnectionDocument, {
    input: (values) => ({ ...named(values), oidc: oidcOf(values) }),
    ...isDone,
  });
  const bySaml = useChangeForm(CreateSamlConnectionDocument, {
    input: (values) => ({ ...named(values), saml: samlOf(values) }),
    ...isDone,
  });
  return (
    <Dialog title={text.create} onClose={onClose}>
      <Form {...(protocol === 'OIDC' ? byOidc : bySaml)} submit={text.create} onCancel={onClose}>
        <TextField label={text.name} name="name" hint={text.nameHint} maxLength={100} required />
        <SelectField
          label={text.protocol}
          name="protocol"
          options={Object.entries(text.protocols).map(([value, label]) => ({ value, label }))}
          onChange={setProtocol}
        />
        {protocol === 'OIDC' ? <OidcFields /> : <SamlFields />}
        {may('domain:read') && <DomainChoices legend={text.domains} />}
      </Form>
    </Dialog>
  );
}
