import { announce } from '../design/announce.ts';
import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { RoleChoices } from '../roles/RoleChoices.tsx';
import type { GroupOfList } from './GroupsPage.tsx';
import { CreateGroupDocument, UpdateGroupDocument } from './groups.generated.ts';

/** A new group, or another name and other roles for one that is there. */
export function GroupForm({ group, onClose }: { group: GroupOfList | null; onClose: () => void }) {
  const text = useText();
  const create = useChange(CreateGroupDocument);
  const update = useChange(UpdateGroupDocument);
  const { isRunning, refusals } = group ? update : create;
  const submit = async (values: FormData) => {
    const input = { name: textOf(values, 'name'), roleIds: choicesOf(values, 'role') };
    const done = group
      ? await update.make({ input: { ...input, id: group.id } })
      : await create.make({ input });
    if (done === null) return;
    announce(group ? text.groups.saved(input.name) : text.groups.created(input.name));
    onClose();
  };
  return (
    <Dialog title={group ? `${text.groups.edit}: ${group.name}` : text.groups.create} onClose={onClose}>
      <Form
        isRunning={isRunning}
        refusals={refusals}
        submit={group ? text.form.save : text.groups.create}
        onSubmit={submit}
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
