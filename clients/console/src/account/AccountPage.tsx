import { PageHeader } from '../design/PageHeader.tsx';
import { Tags } from '../design/Tags.tsx';
import { useText } from '../language/language.ts';
import { useViewer } from '../shell/viewer.ts';
import { PermissionTable } from './PermissionTable.tsx';

export function AccountPage() {
  const { account } = useText();
  const viewer = useViewer();
  return (
    <>
      <PageHeader title={account.title} lead={account.lead} />
      <section className="panel">
        <dl className="facts">
          <dt>{account.name}</dt>
          <dd>{viewer.displayName}</dd>
          <dt>{account.email}</dt>
          <dd>{viewer.email ?? '–'}</dd>
          <dt>{account.tenant}</dt>
          <dd>{viewer.tenant?.name ?? account.noTenant}</dd>
          <dt>{account.roles}</dt>
          <dd>
            <Tags names={viewer.roles} />
          </dd>
          <dt>{account.groups}</dt>
          <dd>
            <Tags names={(viewer.person?.groups ?? []).map(({ name }) => name)} />
          </dd>
        </dl>
      </section>
      <section className="panel">
        <p>{account.profileLead}</p>
        <a href="/auth/account/profile">{account.profile}</a>
      </section>
      <section className="panel">
        <p>{account.securityLead}</p>
        <a href="/auth/account/security">{account.security}</a>
      </section>
      <h2>{account.mayDo}</h2>
      <PermissionTable caption={account.mayDo} permissions={viewer.permissions} none={account.nothing} />
    </>
  );
}
