import { Button } from '../design/Button.tsx';
import { Copyable } from '../design/Copyable.tsx';
import { Tags } from '../design/Tags.tsx';
import { useInstants, useText } from '../language/language.ts';
import { useMay } from '../shell/viewer.ts';
import type { ServiceClientsQuery } from './service-clients.generated.ts';

export type ServiceClientOfList = NonNullable<ServiceClientsQuery['serviceClients']>['nodes'][number];

const actions = ['roles', 'rotate', 'keys', 'remove'] as const;
export type ClientAction = (typeof actions)[number];

export interface ServiceClientRowProps {
  client: ServiceClientOfList;
  onDo: (what: ClientAction) => void;
}

export function ServiceClientRow({ client, onDo }: ServiceClientRowProps) {
  const { serviceClients: text } = useText();
  const may = useMay();
  const written = useInstants();
  const { id, name, roles, createdAt } = client;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <Copyable label={`${text.clientId}, ${name}`} value={id} />
      </td>
      <td>
        <Tags names={roles.map((role) => role.name)} />
      </td>
      <td>
        <Proof client={client} />
      </td>
      <td>{written(createdAt)}</td>
      <td>
        {may('service-client:write') && (
          <div className="actions">
            {actions.map((action) => (
              <Button
                key={action}
                kind={action === 'remove' ? 'danger' : 'plain'}
                label={`${text.actions[action]}: ${name}`}
                onClick={() => onDo(action)}
              >
                {text.actions[action]}
              </Button>
            ))}
          </div>
        )}
      </td>
    </tr>
  );
}

/** By what the client proves itself at the moment. */
function Proof({ client: { keyIds, previousSecretEndsAt } }: { client: ServiceClientOfList }) {
  const { serviceClients: text } = useText();
  const written = useInstants();
  if (keyIds.length > 0) return <Tags names={keyIds} />;
  const isOverlapping = previousSecretEndsAt !== null && Date.parse(previousSecretEndsAt) > Date.now();
  return (
    <>
      {text.secret}
      {isOverlapping && (
        <small className="quiet block">{text.previousEnds(written(previousSecretEndsAt))}</small>
      )}
    </>
  );
}
