import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { Compliance } from './Compliance.tsx';
import { Policies } from './Policies.tsx';
import { RenameTenant } from './RenameTenant.tsx';
import { OwnTenantDocument } from './tenant.generated.ts';

export function TenantPage() {
  const text = useText();
  const may = useMay();
  const written = useInstants();
  const question = useQuestion(OwnTenantDocument, { variables: {}, of: ['Tenant'] });
  const { title, lead, slug, created, status, statuses } = text.tenant;
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
                <dl className="facts">
                  <dt>{slug}</dt>
                  <dd>
                    <code>{tenant.slug}</code>
                  </dd>
                  <dt>{created}</dt>
                  <dd>{tenant.createdAt && written(tenant.createdAt)}</dd>
                  <dt>{status}</dt>
                  <dd>{tenant.status && wordFor(statuses, tenant.status)}</dd>
                </dl>
              </section>
              {may('tenant:update') && <RenameTenant name={tenant.name ?? ''} />}
              {tenant.compliance && <Compliance compliance={tenant.compliance} />}
              <Policies />
            </>
          );
        }}
      </Loaded>
    </>
  );
}
