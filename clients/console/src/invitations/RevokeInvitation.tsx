import { announce } from '../design/announce.ts';
import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { RevokeInvitationDocument } from './invitations.generated.ts';

export interface RevokeInvitationProps {
  invitation: { id: string; email: string };
  onClose: () => void;
}

export function RevokeInvitation({ invitation: { id, email }, onClose }: RevokeInvitationProps) {
  const { invitations: text } = useText();
  const revoke = useChange(RevokeInvitationDocument);
  const confirm = async () => {
    if ((await revoke.make({ input: { id } })) === null) return;
    announce(text.revoked(email));
    onClose();
  };
  return (
    <Confirm
      {...revoke}
      title={text.revokeTitle(email)}
      lead={text.revokeLead}
      submit={text.revoke}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
