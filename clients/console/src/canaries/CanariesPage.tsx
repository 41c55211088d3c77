import { type ReactNode, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { ConfirmChange } from '../platform/ConfirmChange.tsx';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import {
  CanariesPageDocument,
  type CanaryKind,
  CreateCanaryDocument,
  DeleteCanaryDocument,
} from './canaries.generated.ts';

export function CanariesPage() {
  const { canaries: text } = useText();
  const canChange = useMay()('canary:write');
  const written = useInstants();
  const [dialog, setDialog] = useState<ReactNode>(null);
  const close = () => setDialog(null);
  const question = useQuestion(CanariesPageDocument, { variables: {}, of: ['Canary'] });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {canChange && (
          <Button kind="primary" onClick={() => setDialog(<AddCanary onClose={close} />)}>
            {text.add}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ canaries }) =>
          !canaries || canaries.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[text.name, text.kind, text.value, text.by, text.since]}
              hasActions={canChange}
            >
              {canaries.map(({ id, name, kind, value, createdBy, createdAt }) => (
                <tr key={id}>
                  <th scope="row">{name}</th>
                  <td>{wordFor(text.kinds, kind)}</td>
                  <td>
                    <code>{value}</code>
                  </td>
                  <td>{createdBy?.displayName ?? '–'}</td>
                  <td>{written(createdAt)}</td>
                  {canChange && (
                    <td>
                      <Button
                        kind="danger"
                        label={`${text.remove}: ${name}`}
                        onClick={() =>
                          setDialog(
                            <ConfirmChange
                              document={DeleteCanaryDocument}
                              input={{ id }}
                              title={`${text.remove}: ${name}`}
                              lead={text.removeLead}
                              submit={text.remove}
                              says={text.removed(name)}
                              of={['Canary']}
                              onClose={close}
                            />,
                          )
                        }
                      >
                        {text.remove}
                      </Button>
                    </td>
                  )}
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {dialog}
    </>
  );
}

function AddCanary({ onClose }: { onClose: () => void }) {
  const { canaries: text } = useText();
  const [kind, setKind] = useState<CanaryKind>('PERSON');
  const form = useChangeForm(CreateCanaryDocument, {
    input: (values) => ({ name: textOf(values, 'name'), kind, value: textOf(values, 'value') }),
    says: (_done, { name }) => text.added(name),
    onDone: onClose,
    of: ['Canary'],
  });
  return (
    <Dialog title={text.add} onClose={onClose}>
      <Form {...form} submit={text.add} onCancel={onClose}>
        <TextField label={text.name} name="name" required maxLength={100} />
        <SelectField
          label={text.kind}
          name="kind"
          options={Object.entries(text.kinds).map(([value, label]) => ({ value, label }))}
          onChange={(value) => setKind(value as CanaryKind)} // of the options
        />
        <TextField
          label={text.value}
          name="value"
          required
          maxLength={200}
          hint={wordFor(text.valueHints, kind)}
        />
      </Form>
    </Dialog>
  );
}
