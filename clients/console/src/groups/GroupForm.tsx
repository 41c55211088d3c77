import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RoleChoices } from '../roles/RoleChoices.tsx';
import type { GroupOfList } from './GroupsPage.tsx';
import { CreateGroupDocument, UpdateGroupDocument } from './groups.generated.ts';

/** A new group, or another name and other roles for one that is there. */
export function GroupForm({ group, onClose }: { group: GroupOfList | null; onClose: () => void }) {
  const text = useText();
  const typed = (values: FormData) => ({
    name: textOf(values, 'name'),
    roleIds: choicesOf(values, 'role'),
  });
  const create = useChangeForm(CreateGroupDocument, {
    input: typed,
    says: (_done, { name }) => text.groups.created(name),
    onDone: onClose,
  });
  const update = useChangeForm(UpdateGroupDocument, {
    input: (values) => ({ id: group?.id ?? '', ...typed(values) }),
    says: (_done, { name }) => text.groups.saved(name),
    onDone: onClose,
  });
  return (
    <Dialog title={group ? `${text.groups.edit}: ${group.name}` : text.groups.create} onClose={onClose}>
      <Form
        {...(group ? update : create)}
        submit={group ? text.form.save : text.groups.create}
        onCancel={onClose}
      >
        <TextField
          label={text.groups.name}
          name="name"
          hint={text.roles.nameHint}
          maxLength={50}
          defaultValue={group?.name}
          required
        />
        <RoleChoices legend={text.groups.roles} chosen={(group?.roles ?? []).map(({ id }) => id)} />
      </Form>
    </Dialog>
  );
}
