import { Fact, Facts } from '../design/Facts.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Tags } from '../design/Tags.tsx';
import { useText } from '../language/language.ts';
import { LeaveTenant } from '../membership/LeaveTenant.tsx';
import { OwnSessions } from '../sessions/OwnSessions.tsx';
import { useViewer } from '../shell/viewer.ts';
import { PermissionTable } from './PermissionTable.tsx';

export function AccountPage() {
  const { account } = useText();
  const viewer = useViewer();
  return (
    <>
      <PageHeader title={account.title} lead={account.lead} />
      <section className="panel">
        <Facts>
          <Fact name={account.name}>{viewer.displayName}</Fact>
          <Fact name={account.email}>{viewer.email}</Fact>
          <Fact name={account.tenant}>{viewer.tenant?.name ?? account.noTenant}</Fact>
          <Fact name={account.roles}>
            <Tags names={viewer.roles} />
          </Fact>
          <Fact name={account.groups}>
            <Tags names={(viewer.person?.groups ?? []).map(({ name }) => name)} />
          </Fact>
        </Facts>
      </section>
      <section className="panel">
        <p>{account.profileLead}</p>
        <a href="/auth/account/profile">{account.profile}</a>
      </section>
      <section className="panel">
        <p>{account.securityLead}</p>
        <div className="actions">
          <a href="/auth/account/security">{account.security}</a>
          <a href="/auth/account/security/change-password">{account.changePassword}</a>
        </div>
      </section>
      {viewer.person && <OwnSessions />}
      <h2>{account.mayDo}</h2>
      <PermissionTable caption={account.mayDo} permissions={viewer.permissions} none={account.nothing} />
      {viewer.person && viewer.tenant && (
        <LeaveTenant tenant={{ name: viewer.tenant.name ?? viewer.tenant.id, slug: viewer.tenant.slug }} />
      )}
    </>
  );
}
