import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { Tags } from '../design/Tags.tsx';
import { useText } from '../language/language.ts';
import { useMay } from '../shell/viewer.ts';
import { AssignScopedRoles } from './AssignScopedRoles.tsx';
import { useResources } from './resources.ts';
import { byResource, type Holding, keyOf, type ScopedRole } from './rules.ts';
import { TakeScopedRoles } from './TakeScopedRoles.tsx';

export interface ScopedRolesProps {
  person: { id: string; name: string };
  scopedRoles: readonly ScopedRole[];
}

type Doing = { what: 'give' } | { what: 'change' | 'take'; holding: Holding };

/** What somebody may do on single services and checks. */
export function ScopedRoles({ person, scopedRoles }: ScopedRolesProps) {
  const { scopedRoles: text } = useText();
  const may = useMay();
  const resources = useResources();
  const [doing, setDoing] = useState<Doing | null>(null);
  const holdings = byResource(scopedRoles);
  const stop = () => setDoing(null);
  return (
    <Section
      title={text.title}
      lead={text.lead}
      actions={may('role:write') && <Button onClick={() => setDoing({ what: 'give' })}>{text.give}</Button>}
    >
      {holdings.length === 0 ? (
        <EmptyState>{text.none}</EmptyState>
      ) : (
        <Table caption={text.caption} columns={[text.resource, text.roles]} hasActions={may('role:write')}>
          {holdings.map((holding) => (
            <HoldingRow
              key={keyOf(holding.scope)}
              resource={resources.nameOf(holding.scope)}
              holding={holding}
              onDo={may('role:write') ? (what) => setDoing({ what, holding }) : undefined}
            />
          ))}
        </Table>
      )}
      {doing?.what === 'give' && <AssignScopedRoles person={person} resources={resources} onClose={stop} />}
      {doing?.what === 'change' && (
        <AssignScopedRoles person={person} resources={resources} holding={doing.holding} onClose={stop} />
      )}
      {doing?.what === 'take' && (
        <TakeScopedRoles
          person={person}
          scope={doing.holding.scope}
          resource={resources.nameOf(doing.holding.scope)}
          onClose={stop}
        />
      )}
    </Section>
  );
}

interface HoldingRowProps {
  resource: string;
  holding: Holding;
  onDo?: (what: 'change' | 'take') => void;
}

function HoldingRow({ resource, holding: { roles }, onDo }: HoldingRowProps) {
  const { scopedRoles: text } = useText();
  return (
    <tr>
      <th scope="row">{resource}</th>
      <td>
        <Tags names={roles.map(({ name }) => name)} />
      </td>
      {onDo && (
        <td>
          <div className="actions">
            <Button label={`${text.change}: ${resource}`} onClick={() => onDo('change')}>
              {text.change}
            </Button>
            <Button kind="danger" label={`${text.take}: ${resource}`} onClick={() => onDo('take')}>
              {text.take}
            </Button>
          </div>
        </td>
      )}
    </tr>
  );
}
