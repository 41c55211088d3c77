import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { fromWhere } from '../security/rules.ts';
import type { FindingInFullFragment } from './finding.generated.ts';

/** The events that a finding is made of: the first fifty. */
export function Evidence({ finding }: { finding: FindingInFullFragment }) {
  const { findings: text, security } = useText();
  const written = useInstants();
  const nodes = finding.evidence?.nodes ?? [];
  return (
    <Section title={text.evidence} lead={text.shown(nodes.length, finding.evidenceCount)}>
      <Table
        caption={text.evidenceCaption}
        columns={[security.what, security.at, security.who, security.from, security.details]}
      >
        {nodes.map(({ securityEventId, occurredAt, securityEvent: event }) => (
          <tr key={securityEventId}>
            <th scope="row">{event ? wordFor(security.types, event.type) : text.expired}</th>
            <td>{written(occurredAt)}</td>
            <td>{event?.actor?.displayName ?? event?.email ?? event?.clientId ?? '–'}</td>
            <td>{event ? fromWhere(event) : '–'}</td>
            <td>{event?.reason ?? '–'}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
