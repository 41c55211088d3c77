import { announce } from '../design/announce.ts';
import { Dialog } from '../design/Dialog.tsx';
import { choicesOf, Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { PermissionChoices } from './PermissionChoices.tsx';
import { RoleChoices } from './RoleChoices.tsx';
import type { RoleOfList } from './RolesPage.tsx';
import { UpdateRoleDocument } from './roles.generated.ts';

export function EditRole({ role, onClose }: { role: RoleOfList; onClose: () => void }) {
  const text = useText();
  const update = useChange(UpdateRoleDocument);
  const submit = async (values: FormData) => {
    const input = {
      id: role.id,
      permissions: choicesOf(values, 'permission'),
      inheritedRoleIds: choicesOf(values, 'role'),
    };
    if ((await update.make({ input })) === null) return;
    announce(text.roles.saved(role.name));
    onClose();
  };
  return (
    <Dialog title={`${text.roles.edit}: ${role.name}`} onClose={onClose}>
      <Form {...update} submit={text.form.save} onSubmit={submit} onCancel={onClose}>
        <PermissionChoices legend={text.roles.permissions} chosen={role.permissions ?? []} />
        <RoleChoices
          legend={text.roles.inheritance}
          chosen={(role.inherits ?? []).map(({ id }) => id)}
          except={role.id}
        />
      </Form>
    </Dialog>
  );
}
