import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import type { ResourceScope } from './rules.ts';
import { AssignScopedRolesDocument } from './scoped-roles.generated.ts';

export interface TakeScopedRolesProps {
  person: { id: string; name: string };
  scope: ResourceScope;
  /** The resource's name. */
  resource: string;
  onClose: () => void;
}

export function TakeScopedRoles({ person, scope, resource, onClose }: TakeScopedRolesProps) {
  const { scopedRoles: text } = useText();
  const form = useChangeForm(AssignScopedRolesDocument, {
    input: () => ({ personId: person.id, roleIds: [], scope }),
    says: () => text.saved(person.name),
    onDone: onClose,
  });
  return (
    <Confirm
      {...form}
      title={text.takeTitle(resource)}
      lead={text.takeLead}
      submit={text.take}
      onClose={onClose}
    />
  );
}
