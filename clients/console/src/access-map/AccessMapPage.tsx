import { useSearchParams } from 'wouter';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { TextField } from '../design/Field.tsx';
import { Notice } from '../design/Notice.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { textOf } from '../design/values.ts';
import { useInstants, useText } from '../language/language.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import {
  AccessMapChangesDocument,
  AccessMapPageDocument,
  type AccessMapPageQuery,
} from './access-map.generated.ts';
import { shownOf } from './rules.ts';

type Row = NonNullable<AccessMapPageQuery['accessMap']>['rows'][number];

/** A sum over the events of a day takes the platform some work: so often it is asked for, however much happens. */
const againMs = 5_000;

/** Who reached what. What is looked for is in the address, so that it can be handed on. */
export function AccessMapPage() {
  const { accessMap: text } = useText();
  const [search, setSearch] = useSearchParams();
  const view = useLive({
    present: AccessMapPageDocument,
    asked: {},
    changes: AccessMapChangesDocument,
    followed: {},
    state: ([page]) => page?.accessMap ?? null,
    apply: null,
    againMs,
  });
  const filter = {
    who: search.get('who') ?? '',
    what: search.get('what') ?? '',
    isRefusedOnly: search.has('refused'),
  };
  const look = (values: FormData) =>
    setSearch({
      ...(textOf(values, 'who') && { who: textOf(values, 'who') }),
      ...(textOf(values, 'what') && { what: textOf(values, 'what') }),
      ...(values.has('refused') && { refused: '' }),
    });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <search>
        <form key={search.toString()} className="filters" action={look}>
          <TextField label={text.who} name="who" maxLength={200} defaultValue={filter.who} />
          <TextField label={text.what} name="what" maxLength={200} defaultValue={filter.what} />
          <label className="choice">
            <input type="checkbox" name="refused" defaultChecked={filter.isRefusedOnly} />
            <span>{text.refusedOnly}</span>
          </label>
          <Button type="submit">{text.look}</Button>
        </form>
      </search>
      <Live view={view}>
        {(map) =>
          map === null || map.rows.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <>
              {map.isPartial && (
                <Notice tone="warn">
                  <p>{text.partial}</p>
                </Notice>
              )}
              <Reached rows={shownOf(map.rows, filter)} />
            </>
          )
        }
      </Live>
    </>
  );
}

function Reached({ rows }: { rows: readonly Row[] }) {
  const { accessMap: text } = useText();
  const written = useInstants();
  if (rows.length === 0) return <EmptyState>{text.noneSuch}</EmptyState>;
  return (
    <Table
      caption={text.caption}
      columns={[text.who, text.what, text.count, text.denied, text.from, text.last]}
    >
      {rows.map(({ principal, person, what, count, deniedCount, addresses, lastAt }) => (
        <tr key={`${principal} ${what}`}>
          <th scope="row">{person?.displayName ?? principal}</th>
          <td>
            <code>{what}</code>
          </td>
          <td>{count}</td>
          <td>{deniedCount}</td>
          <td>{addresses.join(', ') || '–'}</td>
          <td>{written(lastAt)}</td>
        </tr>
      ))}
    </Table>
  );
}
