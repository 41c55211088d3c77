import { useEffect, useState } from 'react';
import { Badge, type Tone } from '../design/Badge.tsx';
import { Section } from '../design/Section.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { percent } from '../slos/rules.ts';
import { followPage, type Seen } from './following.ts';
import type { PublicStatusPageFragment } from './page.generated.ts';

/** How a tenant's services are, for everybody. */
export function StatusPage({ slug }: { slug: string }) {
  const { statusPage: text, waiting } = useText();
  const [{ page, isAway }, setSeen] = useState<Seen>({ page: undefined, isAway: false });
  useEffect(() => followPage(slug, setSeen), [slug]);
  return (
    <main id="content" className="alone">
      <title>{page?.title ?? text.title}</title>
      {page && (
        <link rel="alternate" type="application/atom+xml" title={page.title} href={`/status/${slug}/feed`} />
      )}
      <h1>{page?.title ?? text.title}</h1>
      {isAway && <p role="status">{text.away}</p>}
      {page === undefined && !isAway && <p className="waiting">{waiting.loading}</p>}
      {page === null && <p>{text.none}</p>}
      {page && <Content page={page} />}
      {page && (
        <p>
          <a href={`/status/${slug}/feed`}>{text.feed}</a>
        </p>
      )}
    </main>
  );
}

const tones: Record<string, Tone> = { UP: 'good', DOWN: 'bad', UNKNOWN: 'neutral' };

function Content({ page }: { page: PublicStatusPageFragment }) {
  const { statusPage: text } = useText();
  const written = useInstants();
  return (
    <>
      {page.description && <p>{page.description}</p>}
      <p role="status">
        <Badge tone={tones[page.status] ?? 'neutral'}>{wordFor(text.summary, page.status)}</Badge>
      </p>
      <p className="quiet">{text.asOf(written(page.asOf))}</p>
      <Section title={text.services}>
        {page.services.map((service) => (
          <ServiceUptime key={service.name} service={service} />
        ))}
      </Section>
      <Section title={text.incidents}>
        {page.incidents.length === 0 && <p>{text.noIncidents}</p>}
        {page.incidents.map((incident) => (
          <article key={incident.startedAt + incident.title} className="panel">
            <h3>{incident.title}</h3>
            <p>
              <Badge tone={incident.status === 'RESOLVED' ? 'good' : 'warn'}>
                {wordFor(text.incidentStatuses, incident.status)}
              </Badge>{' '}
              {incident.services.length > 0 && text.about(incident.services.join(', '))}
            </p>
            {incident.updates.map(({ occurredAt, message, status }) => (
              <p key={occurredAt}>
                <strong>{`${written(occurredAt)}, ${wordFor(text.incidentStatuses, status)}: `}</strong>
                {message}
              </p>
            ))}
          </article>
        ))}
      </Section>
      {page.maintenance.length > 0 && (
        <Section title={text.maintenance}>
          {page.maintenance.map(({ name, startsAt, endsAt, services }) => (
            <article key={startsAt + name} className="panel">
              <h3>{name}</h3>
              <p>{`${written(startsAt)} – ${written(endsAt)}`}</p>
              <p>{text.about(services.join(', '))}</p>
            </article>
          ))}
        </Section>
      )}
    </>
  );
}

function ServiceUptime({ service }: { service: PublicStatusPageFragment['services'][number] }) {
  const { statusPage: text } = useText();
  const { name, status, uptime, days } = service;
  const known = days.filter((day) => day.uptime !== null).length;
  return (
    <article className="panel">
      <h3>
        {name} <Badge tone={tones[status] ?? 'neutral'}>{wordFor(text.statuses, status)}</Badge>
      </h3>
      <div role="img" aria-label={text.days(name, known)}>
        <ul className="days" aria-hidden="true">
          {days.map((day) => (
            <li
              key={day.date}
              data-tone={toneOfDay(day.uptime)}
              title={`${day.date}: ${shareOf(day.uptime, text.unknown)}`}
            />
          ))}
        </ul>
      </div>
      <p>{text.uptime(shareOf(uptime, text.unknown))}</p>
    </article>
  );
}

function toneOfDay(uptime: number | null): Tone {
  if (uptime === null) return 'neutral';
  if (uptime >= 0.999) return 'good';
  return uptime >= 0.95 ? 'warn' : 'bad';
}

function shareOf(uptime: number | null, unknown: string): string {
  return uptime === null ? unknown : percent(uptime, 2);
}
