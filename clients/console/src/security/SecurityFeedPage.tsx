import { memo, useState } from 'react';
import { useSearchParams } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { SelectField } from '../design/Field.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import {
  type FeedEventFragment,
  SecurityFeedDocument,
  SecurityFeedEventsDocument,
} from './feed.generated.ts';
import { Gaps } from './Gaps.tsx';
import { eventTypes, fromWhere, toneOf, withEvents } from './rules.ts';

/** Who has access and who is refused it, as it happens. The type is in the address, so that a view can be handed on. */
export function SecurityFeedPage() {
  const { security: text } = useText();
  const [search, setSearch] = useSearchParams();
  const type = eventTypes.find((each) => each === search.get('type')) ?? null;
  const types = type === null ? null : [type];
  const [held, setHeld] = useState<readonly FeedEventFragment[] | null>(null);
  const view = useLive({
    present: SecurityFeedDocument,
    asked: { filter: { types } },
    changes: SecurityFeedEventsDocument,
    followed: { types },
    state: ([page]) => page?.securityEvents?.nodes ?? [],
    apply: withEvents,
  });
  const choose = (value: string) => {
    setHeld(null);
    setSearch(value === '' ? {} : { type: value }, { replace: true });
  };
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        <Button onClick={() => setHeld(held === null ? (view.state ?? null) : null)}>
          {held === null ? text.hold : text.goOn}
        </Button>
      </PageHeader>
      <SelectField
        label={text.type}
        name="type"
        key={type}
        defaultValue={type ?? ''}
        options={[
          { value: '', label: text.allTypes },
          ...eventTypes.map((value) => ({ value, label: wordFor(text.types, value) })),
        ]}
        onChange={choose}
      />
      <Gaps />
      <Live view={view}>{(events) => <Feed events={held ?? events} />}</Live>
    </>
  );
}

function Feed({ events }: { events: readonly FeedEventFragment[] }) {
  const { security: text } = useText();
  if (events.length === 0) return <EmptyState>{text.none}</EmptyState>;
  return (
    <Table caption={text.caption} columns={[text.what, text.at, text.who, text.from, text.details]}>
      {events.map((event) => (
        <FeedRow key={event.id} event={event} />
      ))}
    </Table>
  );
}

/** An event never changes: at five hundred a second only new rows are worth drawing. */
const FeedRow = memo(({ event }: { event: FeedEventFragment }) => {
  const { security: text } = useText();
  const written = useInstants();
  const { type, occurredAt, actor, clientId, email, userAgent, reason, count } = event;
  const details = [reason, event.operationName, ...event.coordinates].filter((each) => each !== null);
  return (
    <tr>
      <th scope="row">
        <Badge tone={toneOf(type)}>{wordFor(text.types, type)}</Badge>
        {count > 1 && ` × ${count}`}
      </th>
      <td>{written(occurredAt)}</td>
      <td>{actor?.displayName ?? email ?? clientId ?? text.nobody}</td>
      <td title={userAgent ?? undefined}>{fromWhere(event)}</td>
      <td>{details.join(', ') || '–'}</td>
    </tr>
  );
});
