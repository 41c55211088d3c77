import { announce } from '../design/announce.ts';
import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { PermissionChoices } from './PermissionChoices.tsx';
import { RoleChoices } from './RoleChoices.tsx';
import { CreateRoleDocument } from './roles.generated.ts';

export function CreateRole({ onClose }: { onClose: () => void }) {
  const text = useText();
  const create = useChange(CreateRoleDocument);
  const submit = async (values: FormData) => {
    const name = textOf(values, 'name');
    const input = {
      name,
      permissions: choicesOf(values, 'permission'),
      inheritedRoleIds: choicesOf(values, 'role'),
    };
    if ((await create.make({ input })) === null) return;
    announce(text.roles.created(name));
    onClose();
  };
  return (
    <Dialog title={text.roles.create} onClose={onClose}>
      <Form {...create} submit={text.roles.create} onSubmit={submit} onCancel={onClose}>
        <TextField label={text.roles.name} name="name" hint={text.roles.nameHint} maxLength={50} required />
        <PermissionChoices legend={text.roles.permissions} />
        <RoleChoices legend={text.roles.inheritance} />
      </Form>
    </Dialog>
  );
}
