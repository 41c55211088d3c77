import { Copyable } from '../design/Copyable.tsx';
import { Fact } from '../design/Fact.tsx';
import { Tags } from '../design/Tags.tsx';
import { useText } from '../language/language.ts';
import type { Connection } from './connections.ts';

/** What the provider has to know of the platform, and the platform of the provider. */
export function ConnectionProvider({ connection }: { connection: Connection }) {
  const { singleSignOn: text } = useText();
  const { oidc, saml, metadataUrls, redirectUris } = connection;
  return (
    <>
      <section className="panel">
        <h2>{text.atProvider}</h2>
        <p>{oidc ? text.atProviderOidc : text.atProviderSaml}</p>
        <dl className="facts">
          {metadataUrls.length > 0 && <Addresses name={text.metadataUrl} values={metadataUrls} />}
          <Addresses name={oidc ? text.redirectUri : text.assertionUrl} values={redirectUris} />
        </dl>
      </section>
      <section className="panel">
        <h2>{text.provider}</h2>
        {oidc && (
          <dl className="facts">
            <Fact name={text.issuer}>
              <code>{oidc.issuer}</code>
            </Fact>
            <Fact name={text.clientId}>
              <code>{oidc.clientId}</code>
            </Fact>
            <Fact name={text.scopes}>
              <Tags names={oidc.scopes} />
            </Fact>
          </dl>
        )}
        {saml && (
          <dl className="facts">
            <Fact name={text.entityId}>
              <code>{saml.entityId}</code>
            </Fact>
            <Fact name={text.signOnUrl}>
              <code>{saml.signOnUrl}</code>
            </Fact>
            <Fact name={text.certificates}>
              <Certificates certificates={saml.certificates} />
            </Fact>
          </dl>
        )}
      </section>
    </>
  );
}

/** One for each origin of the platform. */
function Addresses({ name, values }: { name: string; values: readonly string[] }) {
  return (
    <Fact name={name}>
      {values.map((value) => (
        <Copyable key={value} label={`${name} ${value}`} value={value} />
      ))}
    </Fact>
  );
}

function Certificates({ certificates }: { certificates: readonly string[] }) {
  const { singleSignOn: text } = useText();
  return (
    <details>
      <summary>{text.certificateCount(certificates.length)}</summary>
      {certificates.map((certificate) => (
        <code key={certificate} className="secret block">
          {certificate}
        </code>
      ))}
    </details>
  );
}
