import { Dialog } from '../design/Dialog.tsx';
import { Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import type { Connection } from './connections.ts';
import { OidcFields, oidcOf, SamlFields, samlOf } from './ProviderFields.tsx';
import { UpdateSsoConnectionDocument } from './single-sign-on.generated.ts';

export interface EditProviderProps {
  connection: Connection;
  onClose: () => void;
}

/** Another provider; another secret or other certificates of the same. */
export function EditProvider({ connection: { id, name, oidc, saml }, onClose }: EditProviderProps) {
  const text = useText();
  const form = useChangeForm(UpdateSsoConnectionDocument, {
    input: (values) => (saml ? { id, saml: samlOf(values) } : { id, oidc: oidcOf(values) }),
    says: () => text.singleSignOn.saved(name),
    onDone: onClose,
  });
  return (
    <Dialog title={`${text.singleSignOn.changeProvider}: ${name}`} onClose={onClose}>
      <Form {...form} submit={text.form.save} onCancel={onClose}>
        {saml ? <SamlFields saml={saml} /> : <OidcFields oidc={oidc ?? undefined} />}
      </Form>
    </Dialog>
  );
}
