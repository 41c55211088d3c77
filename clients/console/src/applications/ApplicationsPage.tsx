import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Copyable } from '../design/Copyable.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Fact } from '../design/Fact.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { ApplicationsDocument, type ApplicationsQuery } from './applications.generated.ts';
import { RemoveApplication } from './RemoveApplication.tsx';

type ApplicationOfList = NonNullable<ApplicationsQuery['registeredClients']>['nodes'][number];

/** Third parties' applications that registered with the tenant by themselves (RFC 7591). */
export function ApplicationsPage() {
  const { applications: text } = useText();
  const may = useMay();
  const pages = usePages();
  const [removing, setRemoving] = useState<ApplicationOfList | null>(null);
  const question = useQuestion(ApplicationsDocument, {
    variables: { after: pages.after, seesPeople: may('person:read') },
    of: ['RegisteredClient'],
  });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <section className="panel">
        <p>{text.how}</p>
        <dl className="facts">
          <Fact name={text.endpoint}>
            <Copyable label={text.endpoint} value={`${location.origin}/auth/register`} />
          </Fact>
        </dl>
      </section>
      <Loaded question={question}>
        {({ registeredClients: applications }) =>
          !applications || applications.nodes.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <>
              <Table
                caption={text.caption}
                columns={[text.name, text.goesTo, text.by, text.people, text.lastUsed]}
                hasActions
              >
                {applications.nodes.map((application) => (
                  <ApplicationRow
                    key={application.id}
                    application={application}
                    onRemove={() => setRemoving(application)}
                  />
                ))}
              </Table>
              <Pager pages={pages} pageInfo={applications.pageInfo} />
            </>
          )
        }
      </Loaded>
      {removing && <RemoveApplication application={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}

interface ApplicationRowProps {
  application: ApplicationOfList;
  onRemove: () => void;
}

function ApplicationRow({ application, onRemove }: ApplicationRowProps) {
  const { applications: text } = useText();
  const may = useMay();
  const written = useInstants();
  const { name, redirectUris, createdBy, createdByName, createdAt, peopleCount, lastUsedAt } = application;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <ul className="plain">
          {redirectUris.map((uri) => (
            <li key={uri}>
              <code>{uri}</code>
            </li>
          ))}
        </ul>
      </td>
      <td>
        {createdByName ?? createdBy}
        <br />
        <small className="quiet">{written(createdAt)}</small>
      </td>
      <td>{peopleCount}</td>
      <td>{lastUsedAt === null ? '–' : written(lastUsedAt)}</td>
      <td>
        {may('registered-client:write') && (
          <Button kind="danger" label={`${text.remove}: ${name}`} onClick={onRemove}>
            {text.remove}
          </Button>
        )}
      </td>
    </tr>
  );
}
