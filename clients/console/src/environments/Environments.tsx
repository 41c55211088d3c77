import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { TenantStatusBadge } from '../tenant/TenantStatusBadge.tsx';
import { CreateEnvironment } from './CreateEnvironment.tsx';
import { EnvironmentsDocument } from './environments.generated.ts';

/** What the tenant has beside production. */
export function Environments() {
  const { environments: text } = useText();
  const may = useMay();
  const [isCreating, setIsCreating] = useState(false);
  const question = useQuestion(EnvironmentsDocument, {
    variables: {},
    of: ['Tenant'],
    // There is no subscription to another tenant's provisioning.
    everyMs: ({ tenant }) =>
      tenant?.environments?.some(({ status }) => status === 'PROVISIONING') ? 2_000 : null,
  });
  return (
    <Section
      title={text.title}
      lead={text.lead}
      actions={may('tenant:update') && <Button onClick={() => setIsCreating(true)}>{text.create}</Button>}
    >
      <Loaded question={question}>
        {({ tenant }) =>
          !tenant?.environments || tenant.environments.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table caption={text.caption} columns={[text.name, text.slug, text.kind, text.status]}>
              {tenant.environments.map(({ id, name, slug, environmentKind, status }) => (
                <tr key={id}>
                  <th scope="row">{name}</th>
                  <td>
                    <code>{slug}</code>
                  </td>
                  <td>{environmentKind && wordFor(text.kinds, environmentKind)}</td>
                  <td>{status && <TenantStatusBadge status={status} />}</td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {isCreating && <CreateEnvironment onClose={() => setIsCreating(false)} />}
    </Section>
  );
}
