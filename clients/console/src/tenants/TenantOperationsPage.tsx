import { Link } from 'wouter';
import { Fact, Facts } from '../design/Facts.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Notice } from '../design/Notice.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useQuestion } from '../platform/question.ts';
import { NotFound } from '../shell/NoPage.tsx';
import { TenantStatusBadge } from '../tenant/TenantStatusBadge.tsx';
import { DeletionProgress } from './DeletionProgress.tsx';
import { MoveProgress } from './MoveProgress.tsx';
import { Provisioning } from './Provisioning.tsx';
import { isGoingOn } from './rules.ts';
import { TenantActions } from './TenantActions.tsx';
import { TenantOperationsDocument, type TenantOperationsQuery } from './tenant-operations.generated.ts';

export type OperatedTenant = NonNullable<TenantOperationsQuery['tenantById']>;

/** One tenant, for those who run the platform. */
export function TenantOperationsPage({ params: { id = '' } }: { params: { id?: string } }) {
  const { operations: text } = useText();
  const question = useQuestion(TenantOperationsDocument, {
    variables: { id },
    of: ['Tenant'],
    // Moves and deletions have no subscription.
    everyMs: ({ tenantById }) => (tenantById && isGoingOn(tenantById) ? 1_000 : null),
  });
  return (
    <Loaded question={question}>
      {({ tenantById: tenant }) => {
        if (!tenant) return <NotFound />;
        return (
          <>
            <PageHeader title={tenant.name ?? tenant.slug ?? tenant.id} lead={text.lead}>
              <TenantActions tenant={tenant} />
            </PageHeader>
            <TenantFacts tenant={tenant} />
            {tenant.move && <MoveProgress move={tenant.move} />}
            {tenant.deletion && <DeletionProgress deletion={tenant.deletion} />}
            {tenant.provisioning && <Provisioning tenantId={tenant.id} />}
          </>
        );
      }}
    </Loaded>
  );
}

function TenantFacts({ tenant }: { tenant: OperatedTenant }) {
  const text = useText();
  const written = useInstants();
  const { slug, status, environmentKind, region, createdAt, suspension, environments } = tenant;
  return (
    <section className="panel" aria-live="polite">
      <Facts>
        <Fact name={text.tenant.status}>{status && <TenantStatusBadge status={status} />}</Fact>
        <Fact name={text.tenant.slug}>
          <code>{slug}</code>
        </Fact>
        <Fact name={text.operations.region}>{region}</Fact>
        <Fact name={text.environments.kind}>
          {environmentKind && wordFor(text.environments.kinds, environmentKind)}
        </Fact>
        <Fact name={text.tenant.created}>{createdAt && written(createdAt)}</Fact>
        {environments && environments.length > 0 && (
          <Fact name={text.environments.title}>
            <ul className="tags">
              {environments.map((environment) => (
                <li key={environment.id}>
                  <Link href={`/tenants/${environment.id}`}>{environment.name ?? environment.id}</Link>
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </Facts>
      {suspension && (
        <Notice>
          <p>
            <strong>{text.operations.suspension}</strong> ({written(suspension.since)}): {suspension.reason}
          </p>
        </Notice>
      )}
    </section>
  );
}
