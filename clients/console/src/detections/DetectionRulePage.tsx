import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { Fact, Facts } from '../design/Facts.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { techniqueUrl, toneOf } from '../findings/rules.ts';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { BackTest } from './BackTest.tsx';
import { DetectionRulePageDocument, type DetectionRulePageQuery } from './detections.generated.ts';
import { ChangeRule } from './RuleForms.tsx';
import { SwitchRule } from './SwitchRule.tsx';

type Rule = NonNullable<DetectionRulePageQuery['detectionRule']>;

/** One rule: what it says, what it said before, and what it would have found. */
export function DetectionRulePage({
  params: { id = '' },
}: {
  params: Readonly<Record<string, string | undefined>>;
}) {
  const { detections: text } = useText();
  const question = useQuestion(DetectionRulePageDocument, { variables: { id }, of: ['DetectionRule'] });
  return (
    <>
      <PageHeader title={question.data?.detectionRule?.title ?? text.one} />
      <Loaded question={question}>
        {({ detectionRule: rule }) =>
          rule === null ? (
            <>
              <p>{text.gone}</p>
              <Link href="/detection-rules">{text.back}</Link>
            </>
          ) : (
            <WholeRule rule={rule} />
          )
        }
      </Loaded>
    </>
  );
}

function WholeRule({ rule }: { rule: Rule }) {
  const { detections: text, findings } = useText();
  const canChange = useMay()('detection-rule:write');
  const [dialog, setDialog] = useState<ReactNode>(null);
  const close = () => setDialog(null);
  return (
    <>
      {canChange && (
        <div className="actions">
          <Button onClick={() => setDialog(<SwitchRule rule={rule} onClose={close} />)}>
            {rule.isEnabled ? text.disable : text.enable}
          </Button>
          {!rule.isBuiltIn && (
            <Button onClick={() => setDialog(<ChangeRule rule={rule} onClose={close} />)}>
              {text.change}
            </Button>
          )}
        </div>
      )}
      <section className="panel" aria-label={text.one}>
        {rule.description && <p>{rule.description}</p>}
        <Facts>
          <Fact name={text.severity}>
            <Badge tone={toneOf(rule.severity)}>{wordFor(findings.severities, rule.severity)}</Badge>
          </Fact>
          <Fact name={text.state}>{rule.isEnabled ? text.isOn : text.isOff}</Fact>
          <Fact name={text.version}>{rule.version}</Fact>
          <Fact name={text.origin}>{rule.isBuiltIn ? text.origins.builtIn : text.origins.own}</Fact>
          <Fact name={text.techniques}>
            {rule.techniques.length === 0
              ? null
              : rule.techniques.map((technique) => (
                  <a key={technique} href={techniqueUrl(technique)} rel="noreferrer" target="_blank">
                    {technique}{' '}
                  </a>
                ))}
          </Fact>
        </Facts>
      </section>
      <Section title={text.text}>
        <Source>{rule.sigma}</Source>
      </Section>
      {canChange && rule.isSigma && <BackTest sigma={rule.sigma} />}
      {rule.versions.length > 1 && <Versions versions={rule.versions} />}
      {dialog}
    </>
  );
}

function Versions({ versions }: { versions: Rule['versions'] }) {
  const { detections: text } = useText();
  const written = useInstants();
  return (
    <Section title={text.versions}>
      <Table caption={text.versionsCaption} columns={[text.version, text.since, text.text]}>
        {versions.map(({ version, sigma, createdAt }) => (
          <tr key={version}>
            <th scope="row">{version}</th>
            <td>{written(createdAt)}</td>
            <td>
              <details>
                <summary>{text.text}</summary>
                <Source>{sigma}</Source>
              </details>
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function Source({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <pre className="panel source" tabIndex={0}>
      {children}
    </pre>
  );
}
