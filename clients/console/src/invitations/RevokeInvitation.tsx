import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RevokeInvitationDocument } from './invitations.generated.ts';

export interface RevokeInvitationProps {
  invitation: { id: string; email: string };
  onClose: () => void;
}

export function RevokeInvitation({ invitation: { id, email }, onClose }: RevokeInvitationProps) {
  const { invitations: text } = useText();
  const form = useChangeForm(RevokeInvitationDocument, {
    input: () => ({ id }),
    says: () => text.revoked(email),
    onDone: onClose,
  });
  return (
    <Confirm
      {...form}
      title={text.revokeTitle(email)}
      lead={text.revokeLead}
      submit={text.revoke}
      onClose={onClose}
    />
  );
}
