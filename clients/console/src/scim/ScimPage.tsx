import { Link } from 'wouter';
import { Copyable } from '../design/Copyable.tsx';
import { Fact } from '../design/Fact.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { useText } from '../language/language.ts';
import { useMay } from '../shell/viewer.ts';
import { ScimTokens } from './ScimTokens.tsx';

/** How the tenant's identity provider keeps its people and groups (RFC 7644). */
export function ScimPage() {
  const { groups, people, scim: text } = useText();
  const may = useMay();
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <section className="panel">
        <h2>{text.atProvider}</h2>
        <dl className="facts">
          <Fact name={text.baseUrl}>
            <Copyable label={text.baseUrl} value={`${location.origin}/auth/scim/v2`} />
          </Fact>
          <Fact name={text.authentication}>{text.authenticationLead}</Fact>
          <Fact name={text.userName}>{text.userNameLead}</Fact>
        </dl>
      </section>
      <section className="panel">
        <h2>{text.provisioned}</h2>
        <dl className="facts">
          {text.kept.map(({ name, value }) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
        </dl>
        <p className="actions">
          {may('person:read') && <Link href="/people">{people.title}</Link>}
          {may('role:read') && <Link href="/groups">{groups.title}</Link>}
        </p>
      </section>
      {may('api-key:read') && <ScimTokens />}
    </>
  );
}
