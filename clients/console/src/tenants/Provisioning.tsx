import { useSubscription } from 'urql';
import { Badge, type Tone } from '../design/Badge.tsx';
import { Fact, Facts } from '../design/Facts.tsx';
import { Notice } from '../design/Notice.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { explainFailure } from '../platform/failures.ts';
import {
  ProvisioningDocument,
  type ProvisioningStepStatus,
  type ProvisioningSubscription,
} from './provisioning.generated.ts';

/** A tenant's provisioning as it goes on. */
export function Provisioning({ tenantId }: { tenantId: string }) {
  const text = useText();
  const [{ data, error }] = useSubscription({ query: ProvisioningDocument, variables: { id: tenantId } });
  return (
    <Section title={text.operations.provisioning} lead={text.tenants.progress}>
      {error && (
        <Notice tone="bad">
          <p>{explainFailure(error, text)}</p>
        </Notice>
      )}
      {data ? (
        <Steps provisioning={data.tenantProvisioning} />
      ) : (
        !error && <p className="waiting">{text.waiting.loading}</p>
      )}
    </Section>
  );
}

function Steps({ provisioning }: { provisioning: ProvisioningSubscription['tenantProvisioning'] }) {
  const { tenants: text } = useText();
  const written = useInstants();
  const { status, steps, startedAt, finishedAt } = provisioning;
  return (
    <>
      <section className="panel" aria-live="polite">
        <Facts>
          <Fact name={text.status}>
            <Badge tone={status === 'SUCCEEDED' ? 'good' : status === 'RUNNING' ? 'warn' : 'bad'}>
              {wordFor(text.statusOf, status)}
            </Badge>
          </Fact>
          <Fact name={text.created}>{written(startedAt)}</Fact>
          {finishedAt && <Fact name={text.finished}>{written(finishedAt)}</Fact>}
        </Facts>
      </section>
      <Table caption={text.steps} columns={[text.step, text.subgraph, text.status, text.attempts]}>
        {steps.map((step) => (
          <tr key={`${step.subgraph} ${step.name}`}>
            <th scope="row">
              {step.name}
              <br />
              <small className="quiet">{step.error ?? step.description}</small>
            </th>
            <td>{step.subgraph}</td>
            <td>
              <Badge tone={toneOf(step.status)}>{wordFor(text.stepStatus, step.status)}</Badge>
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
