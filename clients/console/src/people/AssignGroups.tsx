import { Choices } from '../design/Choices.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { choicesOf, Form } from '../design/Form.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { GroupChoicesDocument } from '../groups/group-choices.generated.ts';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { AssignGroupsDocument } from './person.generated.ts';

export interface AssignGroupsProps {
  person: { id: string; name: string; groupIds: readonly string[] };
  onClose: () => void;
}

export function AssignGroups({ person, onClose }: AssignGroupsProps) {
  const text = useText();
  const question = useQuestion(GroupChoicesDocument, { variables: {}, of: ['Group'] });
  const form = useChangeForm(AssignGroupsDocument, {
    input: (values) => ({ personId: person.id, groupIds: choicesOf(values, 'group') }),
    says: () => text.people.groupsSaved(person.name),
    onDone: onClose,
  });
  return (
    <Dialog title={text.people.changeGroups} onClose={onClose}>
      <Form {...form} submit={text.form.save} onCancel={onClose}>
        <Loaded question={question}>
          {({ groups }) => (
            <Choices
              legend={text.people.groups}
              name="group"
              chosen={person.groupIds}
              none={text.people.noGroups}
              choices={(groups ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
        </Loaded>
      </Form>
    </Dialog>
  );
}
