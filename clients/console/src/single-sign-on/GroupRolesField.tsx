import { useEffect, useRef, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { RoleChoicesDocument } from '../roles/role-choices.generated.ts';

export interface GroupRolesFieldProps {
  groupRoles: readonly { group: string; role?: { id: string } | null }[];
}

interface Row {
  key: number;
  group: string;
  roleId: string;
}

/** Rows of a provider's group and the role that it gives; the form gets them side by side as `group` and `groupRole`. */
export function GroupRolesField({ groupRoles }: GroupRolesFieldProps) {
  const { singleSignOn: text } = useText();
  const question = useQuestion(RoleChoicesDocument, { variables: {}, of: ['Role'] });
  const fields = useRef<HTMLFieldSetElement>(null);
  const focusNext = useRef<'input' | 'button' | null>(null);
  const [rows, setRows] = useState<readonly Row[]>(() =>
    // A role that is gone gives nothing, so that its row goes too.
    groupRoles.flatMap(({ group, role }, key) => (role ? [{ key, group, roleId: role.id }] : [])),
  );
  // A row that came gets the focus, once the roles are known and it is shown, and the button to add one when a row that
  // had it went.
  useEffect(() => {
    if (focusNext.current === null) return;
    const found = [...(fields.current?.querySelectorAll<HTMLElement>(focusNext.current) ?? [])].at(-1);
    if (!found) return;
    focusNext.current = null;
    found.focus();
  });
  const add = () => {
    focusNext.current = 'input';
    setRows([...rows, { key: 1 + Math.max(-1, ...rows.map(({ key }) => key)), group: '', roleId: '' }]);
  };
  const remove = (gone: Row) => {
    focusNext.current = 'button';
    setRows(rows.filter((row) => row !== gone));
  };
  return (
    <fieldset ref={fields} className="choices">
      <legend>{text.groupRoles}</legend>
      <p className="quiet">{text.groupRolesHint}</p>
      <Loaded question={question}>
        {({ roles }) =>
          rows.map((row, index) => (
            <div key={row.key} className="field pair">
              <input
                name="group"
                aria-label={`${text.group} ${index + 1}`}
                defaultValue={row.group}
                maxLength={500}
                autoComplete="off"
                required
              />
              <select
                name="groupRole"
                aria-label={`${text.role} ${index + 1}`}
                defaultValue={row.roleId}
                required
              >
                <option value="">{text.chooseRole}</option>
                {(roles ?? []).map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
              <Button label={`${text.removeRow} ${index + 1}`} onClick={() => remove(row)}>
                {text.removeRow}
              </Button>
            </div>
          ))
        }
      </Loaded>
      <div className="actions">
        <Button onClick={add}>{text.addRow}</Button>
      </div>
    </fieldset>
  );
}
