import { TextArea, TextField } from '../design/Field.tsx';
import { textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { certificatesIn, scopesIn } from './rules.ts';

export interface OidcFieldsProps {
  /** As the provider is set at the moment; none for a new one. */
  oidc?: { issuer: string; clientId: string; scopes: readonly string[] };
}

export function OidcFields({ oidc }: OidcFieldsProps) {
  const { singleSignOn: text } = useText();
  return (
    <>
      <TextField
        label={text.issuer}
        name="issuer"
        type="url"
        hint={text.issuerHint}
        maxLength={500}
        defaultValue={oidc?.issuer}
        required
      />
      <TextField
        label={text.clientId}
        name="clientId"
        maxLength={500}
        defaultValue={oidc?.clientId}
        required
      />
      <TextField
        label={text.clientSecret}
        name="clientSecret"
        type="password"
        hint={oidc ? text.clientSecretAgain : text.clientSecretHint}
        maxLength={1000}
        required
      />
      <TextField
        label={text.scopes}
        name="scopes"
        hint={text.scopesHint}
        defaultValue={(oidc?.scopes ?? ['openid', 'email', 'profile']).join(' ')}
        required
      />
    </>
  );
}

export function oidcOf(values: FormData) {
  return {
    issuer: textOf(values, 'issuer'),
    clientId: textOf(values, 'clientId'),
    clientSecret: textOf(values, 'clientSecret'),
    scopes: scopesIn(textOf(values, 'scopes')),
  };
}

export interface SamlFieldsProps {
  /** As the provider is set at the moment; none for a new one. */
  saml?: { entityId: string; signOnUrl: string; certificates: readonly string[] };
}

export function SamlFields({ saml }: SamlFieldsProps) {
  const { singleSignOn: text } = useText();
  return (
    <>
      <TextField
        label={text.entityId}
        name="entityId"
        hint={text.entityIdHint}
        maxLength={500}
        defaultValue={saml?.entityId}
        required
      />
      <TextField
        label={text.signOnUrl}
        name="signOnUrl"
        type="url"
        hint={text.signOnUrlHint}
        maxLength={500}
        defaultValue={saml?.signOnUrl}
        required
      />
      <TextArea
        label={text.certificates}
        name="certificates"
        hint={text.certificatesHint}
        defaultValue={saml?.certificates.join('\n')}
        isCode
        required
      />
    </>
  );
}

export function samlOf(values: FormData) {
  return {
    entityId: textOf(values, 'entityId'),
    signOnUrl: textOf(values, 'signOnUrl'),
    certificates: certificatesIn(textOf(values, 'certificates')),
  };
}
