import { Link } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { useMay } from '../shell/viewer.ts';
import { AddService } from './AddService.tsx';
import { OverviewDocument, ServiceStatusDocument, type ServiceTileFragment } from './overview.generated.ts';
import { byUrgency, countByStatus, toneOf, withTiles } from './rules.ts';

/** The wall: every service of the tenant as it stands, what is down first. */
export function OverviewPage() {
  const { health: text } = useText();
  const may = useMay();
  const view = useLive({
    present: OverviewDocument,
    asked: { after: null as string | null },
    next: ({ services }) => (services?.pageInfo.hasNextPage ? { after: services.pageInfo.endCursor } : null),
    changes: ServiceStatusDocument,
    followed: {},
    state: (pages) =>
      withTiles(
        new Map(),
        pages.flatMap(({ services }) => services?.nodes ?? []),
      ),
    apply: withTiles,
  });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('service:write') && <AddService />}
      </PageHeader>
      <Live view={view}>
        {(tiles) =>
          tiles.size === 0 ? <EmptyState>{text.none}</EmptyState> : <Wall tiles={tiles.values()} />
        }
      </Live>
    </>
  );
}

function Wall({ tiles }: { tiles: Iterable<ServiceTileFragment> }) {
  const { health: text } = useText();
  const sorted = byUrgency(tiles);
  const counts = countByStatus(sorted);
  return (
    <>
      <p className="tags" aria-live="polite">
        {(['DOWN', 'UNKNOWN', 'UP'] as const).map((status) => (
          <Badge key={status} tone={counts[status] > 0 ? toneOf(status) : 'neutral'}>
            {`${counts[status]} ${wordFor(text.statuses, status)}`}
          </Badge>
        ))}
      </p>
      <ul className="wall" aria-label={text.wall}>
        {sorted.map((tile) => (
          <Tile key={tile.id} tile={tile} />
        ))}
      </ul>
    </>
  );
}

function Tile({ tile: { id, name, status, statusSince } }: { tile: ServiceTileFragment }) {
  const { health: text } = useText();
  const written = useInstants();
  return (
    <li>
      <Link href={`/services/${id}`} className="tile" data-tone={toneOf(status)}>
        <strong>{name}</strong>
        <span>{wordFor(text.statuses, status)}</span>
        <small>{text.since(written(statusSince))}</small>
      </Link>
    </li>
  );
}
