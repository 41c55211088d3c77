import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { Tags } from '../design/Tags.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { DeleteGroup } from './DeleteGroup.tsx';
import { GroupForm } from './GroupForm.tsx';
import { GroupsDocument, type GroupsQuery } from './groups.generated.ts';

export type GroupOfList = NonNullable<GroupsQuery['groups']>[number];
type Doing = { what: 'create' } | { what: 'edit' | 'remove'; group: GroupOfList };

export function GroupsPage() {
  const { groups: text } = useText();
  const may = useMay();
  const [doing, setDoing] = useState<Doing | null>(null);
  const question = useQuestion(GroupsDocument, { variables: {}, of: ['Group', 'Role', 'Person'] });
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
        {({ groups }) =>
          !groups || groups.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table caption={text.caption} columns={[text.name, text.roles, text.people]} hasActions>
              {groups.map((group) => (
                <GroupRow key={group.id} group={group} onDo={(what) => setDoing({ what, group })} />
              ))}
            </Table>
          )
        }
      </Loaded>
      {doing?.what === 'create' && <GroupForm group={null} onClose={stop} />}
      {doing?.what === 'edit' && <GroupForm group={doing.group} onClose={stop} />}
      {doing?.what === 'remove' && <DeleteGroup group={doing.group} onClose={stop} />}
    </>
  );
}

function GroupRow({ group, onDo }: { group: GroupOfList; onDo: (what: 'edit' | 'remove') => void }) {
  const { groups: text } = useText();
  const may = useMay();
  const people = (group.people?.nodes ?? []).map(({ displayName, id }) => displayName ?? id);
  return (
    <tr>
      <th scope="row">{group.name}</th>
      <td>
        <Tags names={(group.roles ?? []).map(({ name }) => name)} />
      </td>
      <td>
        <Tags names={group.people?.pageInfo.hasNextPage ? [...people, '…'] : people} />
      </td>
      <td>
        {may('role:write') && (
          <div className="actions">
            <Button label={`${text.edit}: ${group.name}`} onClick={() => onDo('edit')}>
              {text.edit}
            </Button>
            <Button kind="danger" label={`${text.remove}: ${group.name}`} onClick={() => onDo('remove')}>
              {text.remove}
            </Button>
          </div>
        )}
      </td>
    </tr>
  );
}
