import { useState } from 'react';
import { ExplainAccess } from '../access/ExplainAccess.tsx';
import { Button } from '../design/Button.tsx';
import { Fact, Facts } from '../design/Facts.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Notice } from '../design/Notice.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Tags } from '../design/Tags.tsx';
import { useInstants, useText } from '../language/language.ts';
import { DecidePerson } from '../membership/DecidePerson.tsx';
import { useQuestion } from '../platform/question.ts';
import { ScopedRoles } from '../scoped-roles/ScopedRoles.tsx';
import { PersonSessions } from '../sessions/PersonSessions.tsx';
import { NotFound } from '../shell/NoPage.tsx';
import { useMay, useViewer } from '../shell/viewer.ts';
import { AssignGroups } from './AssignGroups.tsx';
import { AssignRoles } from './AssignRoles.tsx';
import { PersonDocument } from './person.generated.ts';

export function PersonPage({ params: { id = '' } }: { params: { id?: string } }) {
  const { people: text, membership } = useText();
  const may = useMay();
  const viewer = useViewer();
  const written = useInstants();
  const [changing, setChanging] = useState<'roles' | 'groups' | null>(null);
  const question = useQuestion(PersonDocument, { variables: { id }, of: ['Person', 'Role', 'Group'] });
  return (
    <Loaded question={question}>
      {({ person }) => {
        if (!person) return <NotFound />;
        const roles = person.roles ?? [];
        const groups = person.groups ?? [];
        const name = person.displayName ?? person.id;
        const who = { id: person.id, name };
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
              <DecidePerson person={{ ...who, isSuspended: person.suspendedAt !== null }} />
            </PageHeader>
            {person.suspendedAt && (
              <Notice>
                <p>{membership.suspended(written(person.suspendedAt))}</p>
              </Notice>
            )}
            <section className="panel">
              <Facts>
                <Fact name={text.roles}>
                  <Tags names={roles.map((role) => role.name)} />
                </Fact>
                <Fact name={text.groups}>
                  <Tags names={groups.map((group) => group.name)} />
                </Fact>
              </Facts>
              {person.id === viewer.id && <p className="quiet">{membership.self}</p>}
            </section>
            <ScopedRoles person={who} scopedRoles={person.scopedRoles ?? []} />
            {may('session:read') && <PersonSessions person={who} />}
            {may('role:read') && <ExplainAccess personId={person.id} />}
            {changing === 'roles' && (
              <AssignRoles person={{ ...who, roleIds: roles.map((role) => role.id) }} onClose={stop} />
            )}
            {changing === 'groups' && (
              <AssignGroups person={{ ...who, groupIds: groups.map((group) => group.id) }} onClose={stop} />
            )}
          </>
        );
      }}
    </Loaded>
  );
}
