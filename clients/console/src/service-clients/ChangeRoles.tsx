import { Dialog } from '../design/Dialog.tsx';
import { choicesOf, Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RoleChoices } from '../roles/RoleChoices.tsx';
import type { ServiceClientOfList } from './ServiceClientRow.tsx';
import { UpdateServiceClientDocument } from './service-clients.generated.ts';

export interface ChangeRolesProps {
  client: ServiceClientOfList;
  onClose: () => void;
}

export function ChangeRoles({ client: { id, name, roles }, onClose }: ChangeRolesProps) {
  const text = useText();
  const form = useChangeForm(UpdateServiceClientDocument, {
    input: (values) => ({ id, roleIds: choicesOf(values, 'role') }),
    says: () => text.serviceClients.rolesSaved(name),
    onDone: onClose,
  });
  return (
    <Dialog title={`${text.serviceClients.actions.roles}: ${name}`} onClose={onClose}>
      <Form {...form} submit={text.form.save} onCancel={onClose}>
        <RoleChoices legend={text.serviceClients.roles} chosen={roles.map((role) => role.id)} />
      </Form>
    </Dialog>
  );
}
