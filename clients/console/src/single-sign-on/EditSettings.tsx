import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { DomainChoices } from '../domains/DomainChoices.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RoleChoices } from '../roles/RoleChoices.tsx';
import { useMay } from '../shell/viewer.ts';
import type { Connection } from './connections.ts';
import { GroupRolesField } from './GroupRolesField.tsx';
import { groupRolesOf } from './rules.ts';
import { UpdateSsoConnectionDocument } from './single-sign-on.generated.ts';

export interface EditSettingsProps {
  connection: Connection;
  onClose: () => void;
}

/** Who signs in by the connection and what they get. What the person can't see is not sent, and stays. */
export function EditSettings({ connection, onClose }: EditSettingsProps) {
  const { form: words, singleSignOn: text } = useText();
  const may = useMay();
  const { id, name, domains, defaultRoles, groupRoles } = connection;
  const form = useChangeForm(UpdateSsoConnectionDocument, {
    input: (values) => ({
      id,
      name: textOf(values, 'name'),
      provisionsPeople: values.has('provisionsPeople'),
      groupsClaim: textOf(values, 'groupsClaim'),
      ...(may('domain:read') ? { domainIds: choicesOf(values, 'domain') } : {}),
      ...(may('role:read')
        ? {
            defaultRoleIds: choicesOf(values, 'role'),
            groupRoles: groupRolesOf(choicesOf(values, 'group'), choicesOf(values, 'groupRole')),
          }
        : {}),
    }),
    says: (_done, input) => text.saved(input.name),
    onDone: onClose,
  });
  return (
    <Dialog title={`${text.settings}: ${name}`} onClose={onClose}>
      <Form {...form} submit={words.save} onCancel={onClose}>
        <TextField
          label={text.name}
          name="name"
          hint={text.nameHint}
          maxLength={100}
          defaultValue={name}
          required
        />
        {may('domain:read') && (
          <DomainChoices legend={text.domains} chosen={(domains ?? []).map((domain) => domain.id)} />
        )}
        <label className="choice">
          <input type="checkbox" name="provisionsPeople" defaultChecked={connection.provisionsPeople} />
          <span>{text.provisions}</span>
          <small>{text.provisionsHint}</small>
        </label>
        {may('role:read') && (
          <RoleChoices legend={text.defaultRoles} chosen={(defaultRoles ?? []).map((role) => role.id)} />
        )}
        <TextField
          label={text.groupsClaim}
          name="groupsClaim"
          hint={text.groupsClaimHint}
          maxLength={500}
          defaultValue={connection.groupsClaim}
          required
        />
        {may('role:read') && <GroupRolesField groupRoles={groupRoles} />}
      </Form>
    </Dialog>
  );
}
