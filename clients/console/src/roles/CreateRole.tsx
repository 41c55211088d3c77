import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { PermissionChoices } from './PermissionChoices.tsx';
import { RoleChoices } from './RoleChoices.tsx';
import { CreateRoleDocument } from './roles.generated.ts';

export function CreateRole({ onClose }: { onClose: () => void }) {
  const text = useText();
  const form = useChangeForm(CreateRoleDocument, {
    input: (values) => ({
      name: textOf(values, 'name'),
      permissions: choicesOf(values, 'permission'),
      inheritedRoleIds: choicesOf(values, 'role'),
    }),
    says: (_done, { name }) => text.roles.created(name),
    onDone: onClose,
  });
  return (
    <Dialog title={text.roles.create} onClose={onClose}>
      <Form {...form} submit={text.roles.create} onCancel={onClose}>
        <TextField label={text.roles.name} name="name" hint={text.roles.nameHint} maxLength={50} required />
        <PermissionChoices legend={text.roles.permissions} />
        <RoleChoices legend={text.roles.inheritance} />
      </Form>
    </Dialog>
  );
}
