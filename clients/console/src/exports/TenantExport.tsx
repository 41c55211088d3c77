import { useState } from 'react';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Fact, Facts } from '../design/Facts.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { DownloadPart } from './DownloadPart.tsx';
import { TenantExportDocument, type TenantExportQuery } from './exports.generated.ts';
import { StartExport } from './StartExport.tsx';

type Export = NonNullable<TenantExportQuery['tenantExport']>;

/** All of the tenant's data, as files: how far they are, and the files. */
export function TenantExport() {
  const { exports: text } = useText();
  const may = useMay();
  const [isStarting, setIsStarting] = useState(false);
  const question = useQuestion(TenantExportDocument, {
    variables: {},
    of: ['TenantExport'],
    everyMs: ({ tenantExport }) => (tenantExport?.finishedAt === null ? 2_000 : null),
  });
  const last = question.data?.tenantExport ?? null;
  const isUnderWay = last?.finishedAt === null;
  return (
    <Section
      title={text.title}
      lead={text.lead}
      actions={
        may('tenant:export') &&
        !isUnderWay && (
          <Button onClick={() => setIsStarting(true)}>{last ? text.startAgain : text.start}</Button>
        )
      }
    >
      <Loaded question={question}>
        {() => (last ? <ExportParts tenantExport={last} /> : <EmptyState>{text.none}</EmptyState>)}
      </Loaded>
      {isStarting && <StartExport isAgain={last !== null} onClose={() => setIsStarting(false)} />}
    </Section>
  );
}

function ExportParts({
  tenantExport: { requestedAt, finishedAt, expiresAt, parts },
}: {
  tenantExport: Export;
}) {
  const { exports: text } = useText();
  const written = useInstants();
  const may = useMay();
  return (
    <>
      <section className="panel" aria-live="polite">
        <Facts>
          <Fact name={text.requested}>{written(requestedAt)}</Fact>
          <Fact name={text.finished}>
            {finishedAt ? written(finishedAt) : <Badge tone="warn">{text.underWay}</Badge>}
          </Fact>
          <Fact name={text.expires}>{written(expiresAt)}</Fact>
        </Facts>
      </section>
      <Table
        caption={text.caption}
        columns={[text.part, text.state, text.documents]}
        hasActions={may('tenant:export')}
      >
        {parts.map(({ subgraph, isDone, documents, error, path }) => (
          <tr key={subgraph}>
            <th scope="row">{subgraph}</th>
            <td>
              <Badge tone={isDone ? 'good' : error ? 'bad' : 'neutral'}>
                {isDone ? text.done : (error ?? text.waits)}
              </Badge>
            </td>
            <td>{documents}</td>
            {may('tenant:export') && <td>{path && <DownloadPart subgraph={subgraph} path={path} />}</td>}
          </tr>
        ))}
      </Table>
    </>
  );
}
