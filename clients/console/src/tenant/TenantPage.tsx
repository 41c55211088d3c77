import { EmptyState } from '../design/EmptyState.tsx';
import { Fact, Facts } from '../design/Facts.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Environments } from '../environments/Environments.tsx';
import { TenantExport } from '../exports/TenantExport.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { Compliance } from './Compliance.tsx';
import { Policies } from './Policies.tsx';
import { RenameTenant } from './RenameTenant.tsx';
import { TenantStatusBadge } from './TenantStatusBadge.tsx';
import { OwnTenantDocument } from './tenant.generated.ts';

export function TenantPage() {
  const text = useText();
  const may = useMay();
  const written = useInstants();
  const question = useQuestion(OwnTenantDocument, { variables: {}, of: ['Tenant'] });
  const { title, lead, slug, created, status, region } = text.tenant;
  return (
    <>
      <PageHeader title={title} lead={lead} />
      <Loaded question={question}>
        {({ tenant }) => {
          if (!tenant) return <EmptyState>{text.account.noTenant}</EmptyState>;
          return (
            <>
              <section className="panel">
                <h2>{tenant.name}</h2>
                <Facts>
                  <Fact name={slug}>
                    <code>{tenant.slug}</code>
                  </Fact>
                  <Fact name={created}>{tenant.createdAt && written(tenant.createdAt)}</Fact>
                  <Fact name={status}>{tenant.status && <TenantStatusBadge status={tenant.status} />}</Fact>
                  <Fact name={text.environments.kind}>
                    {tenant.environmentKind && wordFor(text.environments.kinds, tenant.environmentKind)}
                  </Fact>
                  <Fact name={region}>{tenant.region}</Fact>
                </Facts>
              </section>
              {may('tenant:update') && <RenameTenant name={tenant.name ?? ''} />}
              {tenant.compliance && <Compliance compliance={tenant.compliance} />}
              <Policies />
              {tenant.environmentKind === 'PRODUCTION' && <Environments />}
              {(may('tenant:export') || may('tenant-export:read')) && <TenantExport />}
            </>
          );
        }}
      </Loaded>
    </>
  );
}
