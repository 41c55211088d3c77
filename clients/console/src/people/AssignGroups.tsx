import { announce } from '../design/announce.ts';
import { Choices } from '../design/Choices.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { choicesOf, Form } from '../design/Form.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { GroupChoicesDocument } from '../groups/group-choices.generated.ts';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { useQuestion } from '../platform/question.ts';
import { AssignGroupsDocument } from './person.generated.ts';

export interface AssignGroupsProps {
  person: { id: string; name: string; groupIds: readonly string[] };
  onClose: () => void;
}

export function AssignGroups({ person, onClose }: AssignGroupsProps) {
  const text = useText();
  const question = useQuestion(GroupChoicesDocument, { variables: {}, of: ['Group'] });
  const assign = useChange(AssignGroupsDocument);
  const submit = async (values: FormData) => {
    const input = { personId: person.id, groupIds: choicesOf(values, 'group') };
    if ((await assign.make({ input })) === null) return;
    announce(text.people.groupsSaved(person.name));
    onClose();
  };
  return (
    <Dialog title={text.people.changeGroups} onClose={onClose}>
      <Form {...assign} submit={text.form.save} onSubmit={submit} onCancel={onClose}>
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
