import { useState } from 'react';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Table } from '../design/Table.tsx';
import { Tags } from '../design/Tags.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { InvitePerson } from '../people/InvitePerson.tsx';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { InvitationsDocument, type InvitationsQuery } from './invitations.generated.ts';
import { RevokeInvitation } from './RevokeInvitation.tsx';

type InvitationOfList = NonNullable<InvitationsQuery['invitations']>['nodes'][number];
type Doing = { what: 'invite' } | { what: 'revoke'; invitation: InvitationOfList };

export function InvitationsPage() {
  const text = useText();
  const may = useMay();
  const pages = usePages();
  const [doing, setDoing] = useState<Doing | null>(null);
  const question = useQuestion(InvitationsDocument, {
    variables: { after: pages.after },
    of: ['Invitation', 'Role'],
  });
  const stop = () => setDoing(null);
  const { title, lead, caption, email, state, roles, by, expires, none } = text.invitations;
  return (
    <>
      <PageHeader title={title} lead={lead}>
        {may('person:invite') && (
          <Button kind="primary" onClick={() => setDoing({ what: 'invite' })}>
            {text.people.invite}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ invitations }) =>
          !invitations || invitations.nodes.length === 0 ? (
            <EmptyState>{none}</EmptyState>
          ) : (
            <>
              <Table caption={caption} columns={[email, state, roles, by, expires]} hasActions>
                {invitations.nodes.map((invitation) => (
                  <InvitationRow
                    key={invitation.id}
                    invitation={invitation}
                    onRevoke={() => setDoing({ what: 'revoke', invitation })}
                  />
                ))}
              </Table>
              <Pager pages={pages} pageInfo={invitations.pageInfo} />
            </>
          )
        }
      </Loaded>
      {doing?.what === 'invite' && <InvitePerson onClose={stop} />}
      {doing?.what === 'revoke' && <RevokeInvitation invitation={doing.invitation} onClose={stop} />}
    </>
  );
}

function InvitationRow({ invitation, onRevoke }: { invitation: InvitationOfList; onRevoke: () => void }) {
  const { invitations: text } = useText();
  const written = useInstants();
  const may = useMay();
  const isOpen = invitation.state === 'OPEN';
  return (
    <tr>
      <th scope="row">{invitation.email}</th>
      <td>
        <Badge tone={isOpen ? 'good' : 'neutral'}>{wordFor(text.states, invitation.state)}</Badge>
      </td>
      <td>
        <Tags names={invitation.roles.map(({ name }) => name)} />
      </td>
      <td>{invitation.invitedBy?.displayName ?? '–'}</td>
      <td>{written(invitation.expiresAt)}</td>
      <td>
        {isOpen && may('person:invite') && (
          <Button label={`${text.revoke}: ${invitation.email}`} onClick={onRevoke}>
            {text.revoke}
          </Button>
        )}
      </td>
    </tr>
  );
}
