import { Link } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { Fact, Facts } from '../design/Facts.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Section } from '../design/Section.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { FindingResponses } from '../responses/FindingResponses.tsx';
import { Evidence } from './Evidence.tsx';
import {
  type FindingInFullFragment,
  FindingPageChangesDocument,
  FindingPageDocument,
} from './finding.generated.ts';
import { techniqueUrl, toneOf } from './rules.ts';
import { Triage } from './Triage.tsx';

/** One finding: what it is about, by which rule, of which events; and what is done about it. */
export function FindingPage({
  params: { id = '' },
}: {
  params: Readonly<Record<string, string | undefined>>;
}) {
  const { findings: text } = useText();
  const view = useLive({
    present: FindingPageDocument,
    asked: { id },
    changes: FindingPageChangesDocument,
    followed: {},
    state: ([page]) => page?.finding ?? null,
    apply: (finding, changed) => changed.findLast((one) => one.id === id) ?? finding,
  });
  return (
    <>
      <PageHeader title={view.state?.title ?? text.one} />
      <Live view={view}>
        {(finding) =>
          finding === null ? (
            <>
              <p>{text.gone}</p>
              <Link href="/findings">{text.back}</Link>
            </>
          ) : (
            <>
              <Triage finding={finding} />
              <FindingFacts finding={finding} />
              <FindingResponses finding={finding} />
              <Evidence finding={finding} />
              {finding.rule && (
                <Section title={text.rule} lead={finding.rule.description ?? undefined}>
                  {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
                  <pre className="panel source" tabIndex={0}>
                    {finding.rule.sigma}
                  </pre>
                </Section>
              )}
            </>
          )
        }
      </Live>
    </>
  );
}

function FindingFacts({ finding }: { finding: FindingInFullFragment }) {
  const { findings: text } = useText();
  const written = useInstants();
  return (
    <section className="panel" aria-label={text.facts}>
      <Facts>
        <Fact name={text.severity}>
          <Badge tone={toneOf(finding.severity)}>{wordFor(text.severities, finding.severity)}</Badge>
        </Fact>
        <Fact name={text.status}>{wordFor(text.statuses, finding.status)}</Fact>
        <Fact name={text.assignee}>{finding.assignee?.displayName}</Fact>
        {finding.subjects.map(({ field, value }) => (
          <Fact key={field} name={field}>
            <code>{value}</code>
          </Fact>
        ))}
        <Fact name={text.techniques}>
          {finding.techniques.length === 0
            ? null
            : finding.techniques.map((technique) => (
                <a key={technique} href={techniqueUrl(technique)} rel="noreferrer" target="_blank">
                  {technique}{' '}
                </a>
              ))}
        </Fact>
        <Fact name={text.firstSeen}>{written(finding.firstSeenAt)}</Fact>
        <Fact name={text.lastSeen}>{written(finding.lastSeenAt)}</Fact>
        <Fact name={text.foundBy}>{text.version(finding.ruleId, finding.ruleVersion)}</Fact>
      </Facts>
    </section>
  );
}
