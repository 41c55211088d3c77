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
import { CreateSeparation } from './CreateSeparation.tsx';
import { DeleteSeparation } from './DeleteSeparation.tsx';
import { SeparationsOfDutiesDocument } from './separations.generated.ts';

type Doing = { what: 'create' } | { what: 'remove'; separation: { id: string; name: string } };

export function SeparationsPage() {
  const { separations: text } = useText();
  const may = useMay();
  const [doing, setDoing] = useState<Doing | null>(null);
  const question = useQuestion(SeparationsOfDutiesDocument, {
    variables: {},
    of: ['SeparationOfDuties', 'Role'],
  });
  const stop = () => setDoing(null);
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('separation-of-duties:write') && (
          <Button kind="primary" onClick={() => setDoing({ what: 'create' })}>
            {text.create}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ separationsOfDuties: separations }) =>
          !separations || separations.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table caption={text.caption} columns={[text.name, text.roles, text.permissions]} hasActions>
              {separations.map(({ id, name, roles, permissions }) => (
                <tr key={id}>
                  <th scope="row">{name}</th>
                  <td>
                    <Tags names={roles.map((role) => role.name)} />
                  </td>
                  <td>
                    <Tags names={permissions} />
                  </td>
                  <td>
                    {may('separation-of-duties:write') && (
                      <Button
                        kind="danger"
                        label={`${text.remove}: ${name}`}
                        onClick={() => setDoing({ what: 'remove', separation: { id, name } })}
                      >
                        {text.remove}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {doing?.what === 'create' && <CreateSeparation onClose={stop} />}
      {doing?.what === 'remove' && <DeleteSeparation separation={doing.separation} onClose={stop} />}
    </>
  );
}
