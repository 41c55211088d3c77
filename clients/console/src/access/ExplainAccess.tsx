import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { SelectField } from '../design/Field.tsx';
import { textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useViewer } from '../shell/viewer.ts';
import { Explanation } from './Explanation.tsx';

/** Asks the platform why somebody may do something, or what it would take. */
export function ExplainAccess({ personId }: { personId: string }) {
  const text = useText();
  const { permissions } = useViewer();
  const [asked, setAsked] = useState<string | null>(null);
  const known = [
    ...new Set([
      ...Object.keys(text.permissions),
      ...permissions.filter((permission) => !permission.includes('@')),
    ]),
  ].sort();
  return (
    <section className="panel">
      <h2>{text.people.explain}</h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(textOf(new FormData(event.currentTarget), 'permission'));
        }}
      >
        <SelectField
          label={text.explain.permission}
          name="permission"
          options={known.map((permission) => ({
            value: permission,
            label: text.permissions[permission]
              ? `${permission}: ${text.permissions[permission]}`
              : permission,
          }))}
        />
        <div className="actions">
          <Button type="submit">{text.explain.ask}</Button>
        </div>
      </form>
      {asked !== null && <Explanation personId={personId} permission={asked} />}
    </section>
  );
}
