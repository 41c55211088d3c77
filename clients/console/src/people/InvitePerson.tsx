import { announce } from '../design/announce.ts';
import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { RoleChoices } from '../roles/RoleChoices.tsx';
import { useMay } from '../shell/viewer.ts';
import { InvitePersonDocument } from './invite.generated.ts';

export function InvitePerson({ onClose }: { onClose: () => void }) {
  const { people: text } = useText();
  const may = useMay();
  const invite = useChange(InvitePersonDocument);
  const submit = async (values: FormData) => {
    const email = textOf(values, 'email');
    if ((await invite.make({ input: { email, roleIds: choicesOf(values, 'role') } })) === null) return;
    announce(text.invited(email));
    onClose();
  };
  return (
    <Dialog title={text.invite} onClose={onClose}>
      <Form {...invite} submit={text.inviteSend} onSubmit={submit} onCancel={onClose}>
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
