import { Badge } from '../design/Badge.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { toneOf } from './rules.ts';
import type { StoryEventFragment } from './service.generated.ts';

/** When checks of a service changed their status, and why. */
export function Changes({ events }: { events: readonly StoryEventFragment[] }) {
  const { health: text } = useText();
  const written = useInstants();
  return (
    <Section title={text.changes}>
      {events.length === 0 ? (
        <EmptyState>{text.noChanges}</EmptyState>
      ) : (
        <Table caption={text.changesCaption} columns={[text.check, text.status, text.at, text.reason]}>
          {events.map(({ id, check, previousStatus, status, occurredAt, message }) => (
            <tr key={id}>
              <th scope="row">{check?.name ?? text.deletedCheck}</th>
              <td>
                {wordFor(text.statuses, previousStatus)} →{' '}
                <Badge tone={toneOf(status)}>{wordFor(text.statuses, status)}</Badge>
              </td>
              <td>{written(occurredAt)}</td>
              <td>{message ?? '–'}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
