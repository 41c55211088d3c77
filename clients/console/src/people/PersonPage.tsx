import { useState } from 'react';
import { ExplainAccess } from '../access/ExplainAccess.tsx';
import { Button } from '../design/Button.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Tags } from '../design/Tags.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { NotFound } from '../shell/NoPage.tsx';
import { useMay } from '../shell/viewer.ts';
import { AssignGroups } from './AssignGroups.tsx';
import { AssignRoles } from './AssignRoles.tsx';
import { PersonDocument } from './person.generated.ts';

export function PersonPage({ params: { id = '' } }: { params: { id?: string } }) {
  const { people: text } = useText();
  const may = useMay();
  const [changing, setChanging] = useState<'roles' | 'groups' | null>(null);
  const question = useQuestion(PersonDocument, { variables: { id }, of: ['Person', 'Role', 'Group'] });
  return (
    <Loaded question={question}>
      {({ person }) => {
        if (!person) return <NotFound />;
        const roles = person.roles ?? [];
        const groups = person.groups ?? [];
        const name = person.displayName ?? person.id;
        const stop = () => setChanging(null);
        return (
          <>
            <PageHeader title={name} lead={person.email ?? undefined}>
              {may('role:write') && (
                <>
                  <Button onClick={() => setChanging('roles')}>{text.changeRoles}</Button>
                  <Button onClick={() => setChanging('groups')}>{text.changeGroups}</Button>
                </>
              )}
            </PageHeader>
            <section className="panel">
              <dl className="facts">
                <dt>{text.roles}</dt>
                <dd>
                  <Tags names={roles.map((role) => role.name)} />
                </dd>
                <dt>{text.groups}</dt>
                <dd>
                  <Tags names={groups.map((group) => group.name)} />
                </dd>
              </dl>
            </section>
            {may('role:read') && <ExplainAccess personId={person.id} />}
            {changing === 'roles' && (
              <AssignRoles
                person={{ id: person.id, name, roleIds: roles.map((role) => role.id) }}
                onClose={stop}
              />
            )}
            {changing === 'groups' && (
              <AssignGroups
                person={{ id: person.id, name, groupIds: groups.map((group) => group.id) }}
                onClose={stop}
              />
            )}
          </>
        );
      }}
    </Loaded>
  );
}
