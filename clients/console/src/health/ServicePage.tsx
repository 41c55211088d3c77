import { Link } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { useMay } from '../shell/viewer.ts';
import { Changes } from './Changes.tsx';
import { Checks } from './Checks.tsx';
import { toneOf, withEvents } from './rules.ts';
import { ServiceEventsDocument, ServiceStoryDocument } from './service.generated.ts';

/** One service: how it stands, what its checks find, what has changed. */
export function ServicePage({
  params: { id = '' },
}: {
  params: Readonly<Record<string, string | undefined>>;
}) {
  const { health: text } = useText();
  const may = useMay();
  const written = useInstants();
  const story = useLive({
    present: ServiceStoryDocument,
    asked: { id },
    changes: ServiceEventsDocument,
    followed: { id },
    state: ([page]) => page?.service ?? null,
    apply(service, changes) {
      if (service === null) return null;
      const events = { nodes: withEvents(service.events.nodes, changes) };
      return { ...service, ...changes.at(-1)?.service, events };
    },
  });
  return (
    <>
      <PageHeader title={story.state?.name ?? text.service} />
      <Live view={story}>
        {(service) =>
          service === null ? (
            <>
              <p>{text.gone}</p>
              <Link href="/health">{text.back}</Link>
            </>
          ) : (
            <>
              <p className="actions">
                <Badge tone={toneOf(service.status)}>{wordFor(text.statuses, service.status)}</Badge>
                <span className="quiet">{text.since(written(service.statusSince))}</span>
              </p>
              {may('check:read') && <Checks serviceId={service.id} events={service.events.nodes} />}
              <Changes events={service.events.nodes} />
            </>
          )
        }
      </Live>
    </>
  );
}
