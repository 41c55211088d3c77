import { Dialog } from '../design/Dialog.tsx';
import { SelectField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RoleChoices } from '../roles/RoleChoices.tsx';
import type { Resources } from './resources.ts';
import { type Holding, scopeOf } from './rules.ts';
import { AssignScopedRolesDocument } from './scoped-roles.generated.ts';

export interface AssignScopedRolesProps {
  person: { id: string; name: string };
  resources: Resources;
  /** What is changed; absent: the resource is chosen. */
  holding?: Holding;
  onClose: () => void;
}

export function AssignScopedRoles({ person, resources, holding, onClose }: AssignScopedRolesProps) {
  const { scopedRoles: text, form: words } = useText();
  const form = useChangeForm(AssignScopedRolesDocument, {
    input: (values) => ({
      personId: person.id,
      roleIds: choicesOf(values, 'role'),
      scope: holding?.scope ?? scopeOf(textOf(values, 'resource')),
    }),
    says: () => text.saved(person.name),
    onDone: onClose,
  });
  const title = holding ? text.changeTitle(resources.nameOf(holding.scope)) : text.give;
  const isNowhere = holding === undefined && resources.choices.length === 0;
  return (
    <Dialog title={title} onClose={onClose}>
      {isNowhere ? (
        <p>{text.noResources}</p>
      ) : (
        <Form {...form} submit={words.save} onCancel={onClose}>
          {holding === undefined && (
            <SelectField label={text.resource} name="resource" options={resources.choices} required />
          )}
          <RoleChoices legend={text.roles} chosen={holding?.roles.map(({ id }) => id)} />
        </Form>
      )}
    </Dialog>
  );
}
