import { announce } from '../design/announce.ts';
import { Dialog } from '../design/Dialog.tsx';
import { choicesOf, Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { RoleChoices } from '../roles/RoleChoices.tsx';
import { AssignRolesDocument } from './person.generated.ts';

export interface AssignRolesProps {
  person: { id: string; name: string; roleIds: readonly string[] };
  onClose: () => void;
}

export function AssignRoles({ person, onClose }: AssignRolesProps) {
  const text = useText();
  const assign = useChange(AssignRolesDocument);
  const submit = async (values: FormData) => {
    const input = { personId: person.id, roleIds: choicesOf(values, 'role') };
    if ((await assign.make({ input })) === null) return;
    announce(text.people.rolesSaved(person.name));
    onClose();
  };
  return (
    <Dialog title={text.people.changeRoles} onClose={onClose}>
      <Form {...assign} submit={text.form.save} onSubmit={submit} onCancel={onClose}>
        <p className="quiet">{text.people.viaGroups}</p>
        <RoleChoices legend={text.people.roles} chosen={person.roleIds} />
      </Form>
    </Dialog>
  );
}
