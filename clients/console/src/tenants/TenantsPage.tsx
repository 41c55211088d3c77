import { useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { TenantStatusBadge } from '../tenant/TenantStatusBadge.tsx';
import { CreateTenant } from './CreateTenant.tsx';
import { TenantsDocument, type TenantsQuery } from './tenants.generated.ts';

type TenantOfList = NonNullable<TenantsQuery['tenants']>['nodes'][number];

export function TenantsPage() {
  const {
    tenants: text,
    tenant: { region },
  } = useText();
  const pages = usePages();
  const [isCreating, setIsCreating] = useState(false);
  const question = useQuestion(TenantsDocument, { variables: { after: pages.after }, of: ['Tenant'] });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        <Button kind="primary" onClick={() => setIsCreating(true)}>
          {text.create}
        </Button>
      </PageHeader>
      <Loaded question={question}>
        {({ tenants }) =>
          !tenants || tenants.nodes.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <>
              <Table
                caption={text.caption}
                columns={[text.name, text.slug, text.status, region, text.created]}
              >
                {tenants.nodes.map((tenant) => (
                  <TenantRow key={tenant.id} tenant={tenant} />
                ))}
              </Table>
              <Pager pages={pages} pageInfo={tenants.pageInfo} />
            </>
          )
        }
      </Loaded>
      {isCreating && <CreateTenant onClose={() => setIsCreating(false)} />}
    </>
  );
}

function TenantRow({ tenant }: { tenant: TenantOfList }) {
  const written = useInstants();
  return (
    <tr>
      <th scope="row">
        <Link href={`/tenants/${tenant.id}`}>{tenant.name ?? tenant.id}</Link>
      </th>
      <td>
        <code>{tenant.slug}</code>
      </td>
      <td>{tenant.status && <TenantStatusBadge status={tenant.status} />}</td>
      <td>{tenant.region}</td>
      <td>{tenant.createdAt && written(tenant.createdAt)}</td>
    </tr>
  );
}
