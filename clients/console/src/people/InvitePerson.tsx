import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RoleChoices } from '../roles/RoleChoices.tsx';
import { useMay } from '../shell/viewer.ts';
import { InvitePersonDocument } from './invite.generated.ts';

export function InvitePerson({ onClose }: { onClose: () => void }) {
  const { people: text } = useText();
  const may = useMay();
  const form = useChangeForm(InvitePersonDocument, {
    input: (values) => ({ email: textOf(values, 'email'), roleIds: choicesOf(values, 'role') }),
    says: (_done, { email }) => text.invited(email),
    onDone: onClose,
  });
  return (
    <Dialog title={text.invite} onClose={onClose}>
      <Form {...form} submit={text.inviteSend} onCancel={onClose}>
        <TextField
          label={text.inviteEmail}
          name="email"
          type="email"
          hint={text.inviteHint}
          maxLength={254}
          required
        />
        {may('role:read') && <RoleChoices legend={text.inviteRoles} />}
      </Form>
    </Dialog>
  );
}
