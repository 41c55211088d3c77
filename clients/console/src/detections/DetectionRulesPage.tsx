import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { toneOf } from '../findings/rules.ts';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { DetectionRulesDocument, type DetectionRulesQuery } from './detections.generated.ts';
import { AddRule } from './RuleForms.tsx';
import { SwitchRule } from './SwitchRule.tsx';

export function DetectionRulesPage() {
  const { detections: text } = useText();
  const canChange = useMay()('detection-rule:write');
  const [dialog, setDialog] = useState<ReactNode>(null);
  const close = () => setDialog(null);
  const question = useQuestion(DetectionRulesDocument, { variables: {}, of: ['DetectionRule'] });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {canChange && (
          <Button kind="primary" onClick={() => setDialog(<AddRule onClose={close} />)}>
            {text.add}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ detectionRules: rules }) =>
          !rules || rules.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[text.name, text.severity, text.techniques, text.kind, text.origin, text.state]}
              hasActions={canChange}
            >
              {rules.map((rule) => (
                <RuleRow
                  key={rule.id}
                  rule={rule}
                  onSwitch={
                    canChange ? () => setDialog(<SwitchRule rule={rule} onClose={close} />) : undefined
                  }
                />
              ))}
            </Table>
          )
        }
      </Loaded>
      {dialog}
    </>
  );
}

interface RuleRowProps {
  rule: NonNullable<DetectionRulesQuery['detectionRules']>[number];
  /** Absent for who may not. */
  onSwitch: (() => void) | undefined;
}

function RuleRow({ rule, onSwitch }: RuleRowProps) {
  const { detections: text, findings } = useText();
  const { id, title, severity, techniques, isSigma, isBuiltIn, isEnabled } = rule;
  const words = isEnabled ? text.disable : text.enable;
  return (
    <tr>
      <th scope="row">
        <Link href={`/detection-rules/${id}`}>{title}</Link>
      </th>
      <td>
        <Badge tone={toneOf(severity)}>{wordFor(findings.severities, severity)}</Badge>
      </td>
      <td>{techniques.join(', ') || '–'}</td>
      <td>{isSigma ? text.kinds.sigma : text.kinds.detector}</td>
      <td>{isBuiltIn ? text.origins.builtIn : text.origins.own}</td>
      <td>
        <Badge tone={isEnabled ? 'good' : 'neutral'}>{isEnabled ? text.isOn : text.isOff}</Badge>
      </td>
      {onSwitch && (
        <td>
          <Button label={`${words}: ${title}`} onClick={onSwitch}>
            {words}
          </Button>
        </td>
      )}
    </tr>
  );
}
