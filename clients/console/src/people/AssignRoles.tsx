import { Dialog } from '../design/Dialog.tsx';
import { choicesOf, Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RoleChoices } from '../roles/RoleChoices.tsx';
import { AssignRolesDocument } from './person.generated.ts';

export interface AssignRolesProps {
  person: { id: string; name: string; roleIds: readonly string[] };
  onClose: () => void;
}

export function AssignRoles({ person, onClose }: AssignRolesProps) {
  const text = useText();
  const form = useChangeForm(AssignRolesDocument, {
    input: (values) => ({ personId: person.id, roleIds: choicesOf(values, 'role') }),
    says: () => text.people.rolesSaved(person.name),
    onDone: onClose,
  });
  return (
    <Dialog title={text.people.changeRoles} onClose={onClose}>
      <Form {...form} submit={text.form.save} onCancel={onClose}>
        <p className="quiet">{text.people.viaGroups}</p>
        <RoleChoices legend={text.people.roles} chosen={person.roleIds} />
      </Form>
    </Dialog>
  );
}
