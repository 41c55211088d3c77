import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import {
  AddToAllowListDocument,
  AllowListPageDocument,
  RemoveFromAllowListDocument,
  type ResponseTargetKind,
} from './responses.generated.ts';

type Doing = { what: 'add' } | { what: 'remove'; entry: { id: string; value: string } };

export function AllowListPage() {
  const { allowList: text, ...shared } = useText().responses;
  const may = useMay();
  const written = useInstants();
  const [doing, setDoing] = useState<Doing | null>(null);
  const question = useQuestion(AllowListPageDocument, { variables: {}, of: ['AllowListEntry'] });
  const stop = () => setDoing(null);
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('allow-list-entry:write') && (
          <Button kind="primary" onClick={() => setDoing({ what: 'add' })}>
            {text.add}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ allowList: entries }) =>
          !entries || entries.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[shared.target, shared.targetKind, shared.reason, shared.endsAt]}
              hasActions
            >
              {entries.map(({ id, kind, value, reason, until }) => (
                <tr key={id}>
                  <th scope="row">{value}</th>
                  <td>{wordFor(shared.targetKinds, kind)}</td>
                  <td>{reason}</td>
                  <td>{until ? written(until) : '–'}</td>
                  <td>
                    {may('allow-list-entry:write') && (
                      <Button
                        kind="danger"
                        label={`${text.remove}: ${value}`}
                        onClick={() => setDoing({ what: 'remove', entry: { id, value } })}
                      >
                        {text.remove}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {doing?.what === 'add' && <AddEntry onClose={stop} />}
      {doing?.what === 'remove' && <RemoveEntry entry={doing.entry} onClose={stop} />}
    </>
  );
}

function AddEntry({ onClose }: { onClose: () => void }) {
  const { allowList: text, ...shared } = useText().responses;
  const form = useChangeForm(AddToAllowListDocument, {
    input: (values) => ({
      kind: textOf(values, 'kind') as ResponseTargetKind, // of the options below
      value: textOf(values, 'value'),
      reason: textOf(values, 'reason'),
      until: null,
    }),
    says: ({ liftedBlocks }) => text.added(liftedBlocks),
    onDone: onClose,
    of: ['AllowListEntry', 'Response'],
  });
  return (
    <Dialog title={text.add} onClose={onClose}>
      <Form {...form} submit={text.add} onCancel={onClose}>
        <SelectField
          label={shared.targetKind}
          name="kind"
          options={Object.entries(shared.targetKinds).map(([value, label]) => ({ value, label }))}
        />
        <TextField label={shared.value} name="value" required maxLength={100} />
        <TextField label={shared.reason} name="reason" required maxLength={500} />
      </Form>
    </Dialog>
  );
}

function RemoveEntry({
  entry: { id, value },
  onClose,
}: {
  entry: { id: string; value: string };
  onClose: () => void;
}) {
  const { allowList: text } = useText().responses;
  const form = useChangeForm(RemoveFromAllowListDocument, {
    input: () => ({ id }),
    says: () => text.removed,
    onDone: onClose,
    of: ['AllowListEntry'],
  });
  return (
    <Confirm
      {...form}
      title={text.removeTitle(value)}
      lead={text.removeLead}
      submit={text.remove}
      onClose={onClose}
    />
  );
}
