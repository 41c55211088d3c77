import { Choices } from '../design/Choices.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { RoleChoicesDocument } from './role-choices.generated.ts';

export interface RoleChoicesProps {
  legend: string;
  chosen?: readonly string[];
  /** A role that can't be chosen: itself. */
  except?: string;
}

/** Roles of the tenant to tick; the form gets their ids as `role`. */
export function RoleChoices({ legend, chosen, except }: RoleChoicesProps) {
  const text = useText();
  const question = useQuestion(RoleChoicesDocument, { variables: {}, of: ['Role'] });
  return (
    <Loaded question={question}>
      {({ roles }) => (
        <Choices
          legend={legend}
          name="role"
          chosen={chosen}
          none={text.people.noRoles}
          choices={(roles ?? [])
            .filter(({ id }) => id !== except)
            .map(({ id, name, permissions }) => ({
              value: id,
              label: name,
              detail: (permissions ?? []).join(', '),
            }))}
        />
      )}
    </Loaded>
  );
}
