// What is left to think about after an incident, as Markdown to go on writing in. Pure.
import type { IncidentEntryRow } from './entry-model.ts';
import type { IncidentRow } from './model.ts';
import { durationsOf } from './rules.ts';

export interface PostmortemFacts {
  readonly incident: IncidentRow;
  readonly entries: readonly IncidentEntryRow[];
  /** Of the services, by their ids. */
  readonly serviceNames: ReadonlyMap<string, string>;
}

export function postmortemOf({ incident, entries, serviceNames }: PostmortemFacts): string {
  const { title, severity, status, startedAt, resolvedAt, impact, runbookUrl, actionItems } = incident;
  const { detectMs, acknowledgeMs, resolveMs } = durationsOf(incident);
  const services = incident.serviceIds.map((id) => serviceNames.get(id) ?? id);
  const roles = incident.roles.map(({ role, personId }) => `- ${wordOf(role)}: ${inline(personId)}`);
  const items = actionItems.map(
    ({ text, ownerId, isDone }) =>
      `- [${isDone ? 'x' : ' '}] ${inline(text)}${ownerId ? ` (${inline(ownerId)})` : ''}`,
  );
  return `${[
    `# Postmortem: ${inline(title)}`,
    `Incident ${incident._id}, ${wordOf(severity).toLowerCase()}, ${wordOf(status).toLowerCase()}.`,
    '## Impact',
    impact === null || impact === undefined
      ? '_To be written: who noticed what, and how many._'
      : quoted(impact),
    [
      `- Services: ${services.length === 0 ? 'none named' : services.map(inline).join(', ')}`,
      `- From ${moment(startedAt)} to ${resolvedAt ? moment(resolvedAt) : 'now: it is still open'}`,
      ...(runbookUrl ? [`- Runbook: <${runbookUrl}>`] : []),
    ].join('\n'),
    '## Durations',
    [
      '| from the beginning until | time |',
      '| --- | --- |',
      `| detected | ${length(detectMs)} |`,
      `| acknowledged | ${length(acknowledgeMs)} |`,
      `| resolved | ${length(resolveMs)} |`,
    ].join('\n'),
    '## Roles',
    roles.length === 0 ? '_Nobody had one._' : roles.join('\n'),
    '## Timeline',
    ['| time (UTC) | what | who |', '| --- | --- | --- |', ...entries.map(row)].join('\n'),
    '## Root cause',
    '_To be written._',
    '## What went well, and what did not',
    '_To be written._',
    '## Action items',
    items.length === 0 ? '_None yet._' : items.join('\n'),
  ].join('\n\n')}\n`;
}

function row({
  kind,
  occurredAt,
  actorId,
  message,
  role,
  personId,
  isPublic,
  status,
}: IncidentEntryRow): string {
  const told = [
    wordOf(kind),
    ...(role ? [`${wordOf(role)}: ${personId ?? 'nobody'}`] : []),
    ...(kind === 'STATUS_CHANGED' ? [wordOf(status)] : []),
    ...(message ? [message] : []),
  ].join(': ');
  return `| ${moment(occurredAt)} | ${cell(told)}${isPublic ? ' (public)' : ''} | ${actorId ? cell(actorId) : 'by itself'} |`;
}

function wordOf(name: string): string {
  const words = name.toLowerCase().replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function moment(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

function length(ms: number | null): string {
  if (ms === null) return 'not yet';
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

/** What people wrote stays text, and can't become a heading, a table or HTML. */
function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|]/g, '\\$&');
}

const cell = inline;

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${inline(line)}`)
    .join('\n');
}
