import { Choices } from '../design/Choices.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RoleChoices } from '../roles/RoleChoices.tsx';
import { useMay } from '../shell/viewer.ts';
import { CreateSeparationDocument } from './separations.generated.ts';

export function CreateSeparation({ onClose }: { onClose: () => void }) {
  const text = useText();
  const may = useMay();
  const form = useChangeForm(CreateSeparationDocument, {
    input: (values) => ({
      name: textOf(values, 'name'),
      roleIds: choicesOf(values, 'role'),
      permissions: choicesOf(values, 'permission'),
    }),
    says: (_done, { name }) => text.separations.created(name),
    onDone: onClose,
  });
  return (
    <Dialog title={text.separations.create} onClose={onClose}>
      <Form {...form} submit={text.separations.create} onCancel={onClose}>
        <p>{text.separations.createLead}</p>
        <TextField
          label={text.separations.name}
          name="name"
          hint={text.roles.nameHint}
          maxLength={50}
          required
        />
        {may('role:read') && <RoleChoices legend={text.separations.roles} />}
        <Choices
          legend={text.separations.permissions}
          name="permission"
          none=""
          choices={Object.entries(text.permissions).map(([value, detail]) => ({
            value,
            label: value,
            detail,
          }))}
        />
      </Form>
    </Dialog>
  );
}
