import { Badge, type Tone } from '../design/Badge.tsx';
import { Fact, Facts } from '../design/Facts.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import type { OperatedTenant } from './TenantOperationsPage.tsx';

const tones: Readonly<Record<string, Tone>> = {
  RUNNING: 'warn',
  MOVING: 'warn',
  SUCCEEDED: 'good',
  MOVED: 'good',
  FAILED: 'bad',
};

/** A tenant's last move to another region: how far each part of the platform is. */
export function MoveProgress({ move }: { move: NonNullable<OperatedTenant['move']> }) {
  const { operations: text, tenants } = useText();
  const written = useInstants();
  const title = text.moveProgress(move.from, move.to);
  return (
    <Section title={title}>
      <section className="panel" aria-live="polite">
        <Facts>
          <Fact name={text.status}>
            <Badge tone={tones[move.status]}>{wordFor(text.moveStatuses, move.status)}</Badge>
          </Fact>
          <Fact name={text.started}>{written(move.startedAt)}</Fact>
          {move.finishedAt && <Fact name={tenants.finished}>{written(move.finishedAt)}</Fact>}
        </Facts>
      </section>
      <Table caption={title} columns={[text.part, text.status]}>
        {move.parts.map(({ subgraph, status, error }) => (
          <tr key={subgraph}>
            <th scope="row">{subgraph}</th>
            <td>
              <Badge tone={tones[status]}>{wordFor(text.movePartStatuses, status)}</Badge> {error}
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
