import { useRef, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextArea, TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import {
  ChangeIncidentDocument,
  type IncidentInFullFragment,
  IncidentPeopleDocument,
} from './incident.generated.ts';
import type { IncidentSeverity } from './incidents.generated.ts';

const severities: readonly IncidentSeverity[] = ['CRITICAL', 'MAJOR', 'MINOR'];

interface Item {
  /** For React alone. */
  key: number;
  text: string;
  ownerId: string;
  isDone: boolean;
}

/** What is said of an incident, and what is to be done after it. */
export function ChangeIncident({
  incident,
  onClose,
}: {
  incident: IncidentInFullFragment;
  onClose: () => void;
}) {
  const { incidents: text } = useText();
  const keys = useRef(incident.actionItems.length);
  const [items, setItems] = useState<readonly Item[]>(() =>
    incident.actionItems.map(({ text: what, owner, isDone }, key) => ({
      ...{ key, text: what, ownerId: owner?.id ?? '', isDone },
    })),
  );
  const form = useChangeForm(ChangeIncidentDocument, {
    input: (values) => ({
      id: incident.id,
      title: textOf(values, 'title'),
      severity: textOf(values, 'severity') as IncidentSeverity, // one of the options below
      impact: textOf(values, 'impact') || null,
      actionItems: items.map(({ key }) => ({
        text: textOf(values, `item ${key}`),
        ownerId: textOf(values, `owner ${key}`) || null,
        isDone: values.has(`done ${key}`),
      })),
    }),
    says: () => text.isChanged,
    onDone: onClose,
  });
  const add = () => {
    setItems([...items, { key: keys.current, text: '', ownerId: '', isDone: false }]);
    keys.current += 1;
  };
  return (
    <Dialog title={text.change} onClose={onClose}>
      <Form {...form} submit={text.change} onCancel={onClose}>
        <TextField label={text.what} name="title" required maxLength={200} defaultValue={incident.title} />
        <SelectField
          label={text.severity}
          name="severity"
          defaultValue={incident.severity}
          options={severities.map((value) => ({ value, label: wordFor(text.severities, value) }))}
        />
        <TextArea label={text.impact} name="impact" maxLength={5_000} defaultValue={incident.impact ?? ''} />
        <ActionItems items={items} onRemove={(key) => setItems(items.filter((item) => item.key !== key))} />
        <div className="actions">
          <Button onClick={add}>{text.addItem}</Button>
        </div>
      </Form>
    </Dialog>
  );
}

interface ActionItemsProps {
  items: readonly Item[];
  onRemove: (key: number) => void;
}

function ActionItems({ items, onRemove }: ActionItemsProps) {
  const { incidents: text } = useText();
  const people = useQuestion(IncidentPeopleDocument, { variables: {}, of: ['Person'] });
  const known = (people.data?.people?.nodes ?? []).map(({ id: value, displayName }) => ({
    ...{ value, label: displayName ?? value },
  }));
  return items.map(({ key, text: what, ownerId, isDone }, index) => (
    <fieldset key={key} className="choices">
      <legend>{text.actionItemOf(index + 1)}</legend>
      <TextField label={text.actionItem} name={`item ${key}`} required maxLength={500} defaultValue={what} />
      <SelectField
        // Once people are known: an option that is not there yet can't be chosen.
        key={known.length}
        label={text.ownerOf(index + 1)}
        name={`owner ${key}`}
        defaultValue={ownerId}
        options={[{ value: '', label: text.nobody }, ...known]}
      />
      <label className="choice">
        <input type="checkbox" name={`done ${key}`} defaultChecked={isDone} />
        <span>{text.doneOf(index + 1)}</span>
      </label>
      <Button onClick={() => onRemove(key)}>{text.removeItem(index + 1)}</Button>
    </fieldset>
  ));
}
