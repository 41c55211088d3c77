import { useState } from 'react';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { ChangePolicy, CreatePolicy, type Policy } from './PolicyForms.tsx';
import { DeleteResponsePolicyDocument, ResponsePoliciesPageDocument } from './responses.generated.ts';

type Doing = { what: 'create' } | { what: 'change' | 'remove'; policy: Policy };

export function PoliciesPage() {
  const text = useText();
  const { policies: own, ...shared } = text.responses;
  const may = useMay();
  const [doing, setDoing] = useState<Doing | null>(null);
  const question = useQuestion(ResponsePoliciesPageDocument, { variables: {}, of: ['ResponsePolicy'] });
  const stop = () => setDoing(null);
  const columns = [own.name, shared.kind, shared.targetKind, own.severity, shared.mode];
  return (
    <>
      <PageHeader title={own.title} lead={own.lead}>
        {may('response-policy:write') && (
          <Button kind="primary" onClick={() => setDoing({ what: 'create' })}>
            {own.create}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ responsePolicies: policies }) =>
          !policies || policies.length === 0 ? (
            <EmptyState>{own.none}</EmptyState>
          ) : (
            <Table caption={own.caption} columns={columns} hasActions>
              {policies.map((policy) => {
                const { id, name, kind, targetKinds, minimumSeverity, mode, isEnabled } = policy;
                return (
                  <tr key={id}>
                    <th scope="row">
                      {name} {!isEnabled && <Badge>{own.isOff}</Badge>}
                    </th>
                    <td>{wordFor(shared.kinds, kind)}</td>
                    <td>{targetKinds.map((each) => wordFor(shared.targetKinds, each)).join(', ')}</td>
                    <td>{wordFor(text.findings.severities, minimumSeverity)}</td>
                    <td>{wordFor(shared.modes, mode)}</td>
                    <td>
                      {may('response-policy:write') && (
                        <div className="actions">
                          <Button
                            label={`${own.change}: ${name}`}
                            onClick={() => setDoing({ what: 'change', policy })}
                          >
                            {own.change}
                          </Button>
                          <Button
                            kind="danger"
                            label={`${own.remove}: ${name}`}
                            onClick={() => setDoing({ what: 'remove', policy })}
                          >
                            {own.remove}
                          </Button>
                        </div>
                      )}
                    </td>
                  </tr>
                );
              })}
            </Table>
          )
        }
      </Loaded>
      {doing?.what === 'create' && <CreatePolicy onClose={stop} />}
      {doing?.what === 'change' && <ChangePolicy policy={doing.policy} onClose={stop} />}
      {doing?.what === 'remove' && <DeletePolicy policy={doing.policy} onClose={stop} />}
    </>
  );
}

function DeletePolicy({
  policy: { id, name },
  onClose,
}: {
  policy: { id: string; name: string };
  onClose: () => void;
}) {
  const { policies: text } = useText().responses;
  const form = useChangeForm(DeleteResponsePolicyDocument, {
    input: () => ({ id }),
    says: () => text.removed(name),
    onDone: onClose,
    of: ['ResponsePolicy'],
  });
  return (
    <Confirm
      {...form}
      title={text.removeTitle(name)}
      lead={text.removeLead}
      submit={text.remove}
      onClose={onClose}
    />
  );
}
