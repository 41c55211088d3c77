import { useState } from 'react';
import { Link } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Table } from '../design/Table.tsx';
import { Tags } from '../design/Tags.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { InvitePerson } from './InvitePerson.tsx';
import { PeopleDocument } from './people.generated.ts';

export function PeoplePage() {
  const { people: text, membership } = useText();
  const may = useMay();
  const pages = usePages();
  const [isInviting, setIsInviting] = useState(false);
  const question = useQuestion(PeopleDocument, {
    variables: { after: pages.after },
    of: ['Person', 'Role', 'Group'],
  });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('person:invite') && (
          <Button kind="primary" onClick={() => setIsInviting(true)}>
            {text.invite}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ people }) =>
          !people || people.nodes.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <>
              <Table caption={text.caption} columns={[text.name, text.email, text.roles, text.groups]}>
                {people.nodes.map((person) => (
                  <tr key={person.id}>
                    <th scope="row">
                      <Link href={`/people/${person.id}`}>{person.displayName ?? person.id}</Link>{' '}
                      {person.suspendedAt !== null && <Badge tone="bad">{membership.isSuspended}</Badge>}
                    </th>
                    <td>{person.email}</td>
                    <td>
                      <Tags names={(person.roles ?? []).map(({ name }) => name)} />
                    </td>
                    <td>
                      <Tags names={(person.groups ?? []).map(({ name }) => name)} />
                    </td>
                  </tr>
                ))}
              </Table>
              <Pager pages={pages} pageInfo={people.pageInfo} />
            </>
          )
        }
      </Loaded>
      {isInviting && <InvitePerson onClose={() => setIsInviting(false)} />}
    </>
  );
}
