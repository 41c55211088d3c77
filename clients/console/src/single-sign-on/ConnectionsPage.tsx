import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { Tags } from '../design/Tags.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useMay } from '../shell/viewer.ts';
import { ConnectionState } from './ConnectionState.tsx';
import { CreateConnection } from './CreateConnection.tsx';
import { useConnections } from './connections.ts';

export function ConnectionsPage() {
  const { singleSignOn: text } = useText();
  const may = useMay();
  const written = useInstants();
  const [, navigate] = useLocation();
  const [isCreating, setIsCreating] = useState(false);
  const question = useConnections();
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('sso-connection:write') && (
          <Button kind="primary" onClick={() => setIsCreating(true)}>
            {text.create}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ ssoConnections: connections }) =>
          !connections || connections.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[text.name, text.protocol, text.domains, text.state, text.lastUsed]}
            >
              {connections.map((connection) => (
                <tr key={connection.id}>
                  <th scope="row">
                    <Link href={`/single-sign-on/${connection.id}`}>{connection.name}</Link>
                  </th>
                  <td>{wordFor(text.protocols, connection.protocol)}</td>
                  <td>
                    <Tags names={(connection.domains ?? []).map(({ name }) => name)} />
                  </td>
                  <td>
                    <ConnectionState connection={connection} />
                  </td>
                  <td>{connection.lastUsedAt === null ? text.never : written(connection.lastUsedAt)}</td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {isCreating && (
        <CreateConnection
          onDone={(id) => navigate(`/single-sign-on/${id}`)}
          onClose={() => setIsCreating(false)}
        />
      )}
    </>
  );
}
