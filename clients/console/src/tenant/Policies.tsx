import { Loaded } from '../design/Loaded.tsx';
import { useQuestion } from '../platform/question.ts';
import { Branding } from './Branding.tsx';
import { TenantPoliciesDocument } from './policies.generated.ts';
import { Retention } from './Retention.tsx';

/** How long the tenant's records are kept, and how it looks; to change with `tenant:update`. */
export function Policies() {
  const question = useQuestion(TenantPoliciesDocument, { variables: {}, of: ['Tenant'] });
  return (
    <Loaded question={question}>
      {({ tenant }) => (
        <>
          {tenant?.compliance && <Retention days={tenant.compliance.retentionDays} />}
          {tenant?.branding && <Branding name={tenant.name ?? ''} branding={tenant.branding} />}
        </>
      )}
    </Loaded>
  );
}
