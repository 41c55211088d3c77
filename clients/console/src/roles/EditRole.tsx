import { Dialog } from '../design/Dialog.tsx';
import { choicesOf, Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { PermissionChoices } from './PermissionChoices.tsx';
import { RoleChoices } from './RoleChoices.tsx';
import type { RoleOfList } from './RolesPage.tsx';
import { UpdateRoleDocument } from './roles.generated.ts';

export function EditRole({ role, onClose }: { role: RoleOfList; onClose: () => void }) {
  const text = useText();
  const form = useChangeForm(UpdateRoleDocument, {
    input: (values) => ({
      id: role.id,
      permissions: choicesOf(values, 'permission'),
      inheritedRoleIds: choicesOf(values, 'role'),
    }),
    says: () => text.roles.saved(role.name),
    onDone: onClose,
  });
  return (
    <Dialog title={`${text.roles.edit}: ${role.name}`} onClose={onClose}>
      <Form {...form} submit={text.form.save} onCancel={onClose}>
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
