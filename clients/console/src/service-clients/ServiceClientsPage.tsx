import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Table } from '../design/Table.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { ChangeRoles } from './ChangeRoles.tsx';
import { ClientSecret } from './ClientSecret.tsx';
import { CreateServiceClient } from './CreateServiceClient.tsx';
import { DeleteServiceClient } from './DeleteServiceClient.tsx';
import { RotateSecret } from './RotateSecret.tsx';
import { type ClientAction, type ServiceClientOfList, ServiceClientRow } from './ServiceClientRow.tsx';
import { SetKeys } from './SetKeys.tsx';
import { ServiceClientsDocument } from './service-clients.generated.ts';

type Doing =
  | { what: 'create' }
  | { what: ClientAction; client: ServiceClientOfList }
  | { what: 'show'; clientId: string; secret: string };

export function ServiceClientsPage() {
  const { serviceClients: text } = useText();
  const may = useMay();
  const pages = usePages();
  const [doing, setDoing] = useState<Doing | null>(null);
  const question = useQuestion(ServiceClientsDocument, {
    variables: { after: pages.after },
    of: ['ServiceClient', 'Role'],
  });
  const stop = () => setDoing(null);
  const show = (given: { clientId: string; secret: string }) => setDoing({ what: 'show', ...given });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('service-client:write') && (
          <Button kind="primary" onClick={() => setDoing({ what: 'create' })}>
            {text.create}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ serviceClients: clients }) =>
          !clients || clients.nodes.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <>
              <Table
                caption={text.caption}
                columns={[text.name, text.clientId, text.roles, text.proof, text.createdAt]}
                hasActions
              >
                {clients.nodes.map((client) => (
                  <ServiceClientRow
                    key={client.id}
                    client={client}
                    onDo={(what) => setDoing({ what, client })}
                  />
                ))}
              </Table>
              <Pager pages={pages} pageInfo={clients.pageInfo} />
            </>
          )
        }
      </Loaded>
      {doing?.what === 'create' && <CreateServiceClient onSecret={show} onClose={stop} />}
      {doing?.what === 'roles' && <ChangeRoles client={doing.client} onClose={stop} />}
      {doing?.what === 'rotate' && <RotateSecret client={doing.client} onSecret={show} onClose={stop} />}
      {doing?.what === 'keys' && <SetKeys client={doing.client} onClose={stop} />}
      {doing?.what === 'remove' && <DeleteServiceClient client={doing.client} onClose={stop} />}
      {doing?.what === 'show' && <ClientSecret {...doing} onClose={stop} />}
    </>
  );
}
