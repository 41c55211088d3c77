import { useSubscription } from 'urql';
import { Badge, type Tone } from '../design/Badge.tsx';
import { Notice } from '../design/Notice.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { explainFailure } from '../platform/failures.ts';
import { ProvisioningDocument, type ProvisioningStepStatus } from './provisioning.generated.ts';

/** A tenant's provisioning as it goes on. */
export function ProvisioningPage({ params: { id = '' } }: { params: { id?: string } }) {
  const text = useText();
  const written = useInstants();
  const [{ data, error }] = useSubscription({ query: ProvisioningDocument, variables: { id } });
  const provisioning = data?.tenantProvisioning;
  const { tenants } = text;
  if (error) {
    return (
      <>
        <PageHeader title={tenants.title} />
        <Notice tone="bad">
          <p>{explainFailure(error, text)}</p>
        </Notice>
      </>
    );
  }
  if (!provisioning) return <p className="waiting">{text.waiting.loading}</p>;
  const { status, steps, startedAt, finishedAt, tenant } = provisioning;
  return (
    <>
      <PageHeader title={tenants.provisioning(tenant?.name ?? id)} lead={tenants.progress} />
      <section className="panel" aria-live="polite">
        <dl className="facts">
          <dt>{tenants.status}</dt>
          <dd>
            <Badge tone={status === 'SUCCEEDED' ? 'good' : status === 'RUNNING' ? 'warn' : 'bad'}>
              {wordFor(tenants.statusOf, status)}
            </Badge>
          </dd>
          <dt>{tenants.created}</dt>
          <dd>{written(startedAt)}</dd>
          {finishedAt && (
            <>
              <dt>{tenants.finished}</dt>
              <dd>{written(finishedAt)}</dd>
            </>
          )}
        </dl>
      </section>
      <Table
        caption={tenants.steps}
        columns={[tenants.step, tenants.subgraph, tenants.status, tenants.attempts]}
      >
        {steps.map((step) => (
          <tr key={`${step.subgraph} ${step.name}`}>
            <th scope="row">
              {step.name}
              <br />
              <small className="quiet">{step.error ?? step.description}</small>
            </th>
            <td>{step.subgraph}</td>
            <td>
              <Badge tone={toneOf(step.status)}>{wordFor(tenants.stepStatus, step.status)}</Badge>
            </td>
            <td>{step.attempts}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}

function toneOf(status: ProvisioningStepStatus): Tone {
  if (status === 'DONE') return 'good';
  if (status === 'PENDING' || status === 'SKIPPED') return 'neutral';
  return status === 'RUNNING' ? 'warn' : 'bad';
}
