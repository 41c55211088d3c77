import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { Tags } from '../design/Tags.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { CreateRole } from './CreateRole.tsx';
import { DeleteRole } from './DeleteRole.tsx';
import { EditRole } from './EditRole.tsx';
import { RolesDocument, type RolesQuery } from './roles.generated.ts';

export type RoleOfList = NonNullable<RolesQuery['roles']>[number];
type Doing = { what: 'create' } | { what: 'edit' | 'remove'; role: RoleOfList };

export function RolesPage() {
  const { roles: text } = useText();
  const may = useMay();
  const [doing, setDoing] = useState<Doing | null>(null);
  const question = useQuestion(RolesDocument, { variables: {}, of: ['Role'] });
  const stop = () => setDoing(null);
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('role:write') && (
          <Button kind="primary" onClick={() => setDoing({ what: 'create' })}>
            {text.create}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ roles }) => (
          <Table
            caption={text.caption}
            columns={[text.name, text.kind, text.inherits, text.allows]}
            hasActions
          >
            {(roles ?? []).map((role) => (
              <RoleRow key={role.id} role={role} onDo={(what) => setDoing({ what, role })} />
            ))}
          </Table>
        )}
      </Loaded>
      {doing?.what === 'create' && <CreateRole onClose={stop} />}
      {doing?.what === 'edit' && <EditRole role={doing.role} onClose={stop} />}
      {doing?.what === 'remove' && <DeleteRole role={doing.role} onClose={stop} />}
    </>
  );
}

function RoleRow({ role, onDo }: { role: RoleOfList; onDo: (what: 'edit' | 'remove') => void }) {
  const text = useText();
  const may = useMay();
  return (
    <tr>
      <th scope="row">{role.name}</th>
      <td>{role.isBuiltIn ? text.roles.builtIn : text.roles.custom}</td>
      <td>
        <Tags names={(role.inherits ?? []).map(({ name }) => name)} />
      </td>
      <td>
        <details>
          <summary>{(role.effectivePermissions ?? []).length}</summary>
          <ul>
            {(role.effectivePermissions ?? []).map((permission) => (
              <li key={permission}>
                <code>{permission}</code> {text.permissions[permission]}
              </li>
            ))}
          </ul>
        </details>
      </td>
      <td>
        {may('role:write') && (
          <div className="actions">
            <Button label={`${text.roles.edit}: ${role.name}`} onClick={() => onDo('edit')}>
              {text.roles.edit}
            </Button>
            {!role.isBuiltIn && (
              <Button
                kind="danger"
                label={`${text.roles.remove}: ${role.name}`}
                onClick={() => onDo('remove')}
              >
                {text.roles.remove}
              </Button>
            )}
          </div>
        )}
      </td>
    </tr>
  );
}
