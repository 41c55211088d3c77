import { useState } from 'react';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Table } from '../design/Table.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import {
  AlertRulesDocument,
  DeleteAlertRuleDocument,
  type ListedRuleFragment,
  UpdateAlertRuleDocument,
} from './alert-rules.generated.ts';
import { CreateAlertRule } from './CreateAlertRule.tsx';
import { formulaOf, toneOf } from './rules.ts';

type Task =
  | { what: 'create' }
  | { what: 'switch' | 'delete'; rule: Pick<ListedRuleFragment, 'id' | 'name' | 'isEnabled'> };

/** What the tenant's alerts fire by, and what each rule says now. */
export function AlertRulesPage() {
  const { alertRules: text } = useText();
  const may = useMay();
  const pages = usePages();
  const [task, setTask] = useState<Task | null>(null);
  const question = useQuestion(AlertRulesDocument, {
    variables: { first: 100, after: pages.after },
    of: ['AlertRule'],
  });
  const rules = question.data?.alertRules?.nodes ?? [];
  const close = () => setTask(null);
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('alert-rule:write') && (
          <Button kind="primary" onClick={() => setTask({ what: 'create' })}>
            {text.create}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ alertRules }) =>
          !alertRules || alertRules.nodes.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <>
              <RuleTable rules={alertRules.nodes} onTask={setTask} />
              <Pager pages={pages} pageInfo={alertRules.pageInfo} />
            </>
          )
        }
      </Loaded>
      {task?.what === 'create' && <CreateAlertRule rules={rules} onClose={close} />}
      {task?.what === 'switch' && <Switch rule={task.rule} onClose={close} />}
      {task?.what === 'delete' && <Delete rule={task.rule} onClose={close} />}
    </>
  );
}

function RuleTable({
  rules,
  onTask,
}: {
  rules: readonly ListedRuleFragment[];
  onTask: (task: Task) => void;
}) {
  const { alertRules: text, alerts } = useText();
  const may = useMay();
  const canChange = may('alert-rule:write');
  const nameOf = (id: string) => rules.find((rule) => rule.id === id)?.name ?? id;
  return (
    <Table
      caption={text.caption}
      columns={[text.name, text.looksFor, text.severity, text.says]}
      hasActions={canChange}
    >
      {rules.map((rule) => (
        <tr key={rule.id}>
          <th scope="row">{rule.name}</th>
          <td>
            <code>{formulaOf(rule.condition, nameOf)}</code>
          </td>
          <td>{wordFor(alerts.severities, rule.severity)}</td>
          <td>
            {!rule.isEnabled ? (
              <Badge tone="neutral">{text.isOff}</Badge>
            ) : (
              rule.verdict && <Badge tone={toneOf(rule.verdict)}>{text.verdicts[rule.verdict]}</Badge>
            )}{' '}
            {rule.problem && <small className="quiet">{rule.problem}</small>}
          </td>
          {canChange && (
            <td>
              <div className="actions">
                <Button onClick={() => onTask({ what: 'switch', rule })}>
                  {rule.isEnabled ? text.disable : text.enable}
                </Button>
                {!rule.isBuiltIn && (
                  <Button kind="danger" onClick={() => onTask({ what: 'delete', rule })}>
                    {text.delete}
                  </Button>
                )}
              </div>
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}

interface OfRule {
  rule: Pick<ListedRuleFragment, 'id' | 'name' | 'isEnabled'>;
  onClose: () => void;
}

function Switch({ rule: { id, name, isEnabled }, onClose }: OfRule) {
  const { alertRules: text } = useText();
  const form = useChangeForm(UpdateAlertRuleDocument, {
    input: () => ({ id, isEnabled: !isEnabled }),
    says: () => text.done,
    onDone: onClose,
    of: ['AlertRule'],
  });
  return (
    <Confirm
      {...form}
      title={`${isEnabled ? text.disable : text.enable}: ${name}`}
      lead={isEnabled ? text.disableLead : text.enableLead}
      submit={isEnabled ? text.disable : text.enable}
      onClose={onClose}
    />
  );
}

function Delete({ rule: { id, name }, onClose }: OfRule) {
  const { alertRules: text } = useText();
  const form = useChangeForm(DeleteAlertRuleDocument, {
    input: () => ({ id }),
    says: () => text.done,
    onDone: onClose,
    of: ['AlertRule'],
  });
  return (
    <Confirm
      {...form}
      title={`${text.delete}: ${name}`}
      lead={text.deleteLead}
      submit={text.delete}
      onClose={onClose}
    />
  );
}
