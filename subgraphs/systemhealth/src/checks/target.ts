// What a tenant may write as a check's target.
import { type AddressGuard, isTargetAllowed } from '@supergraph/chassis/addresses';
import { isClosedName } from '../probes/dns.ts';
import { type CheckKind, resolverOf } from '../probes/settings.ts';

interface Form {
  readonly schemes: readonly string[];
  readonly port?: 'needed';
  readonly credentials?: 'allowed';
  /** Nothing but host and port. */
  readonly path?: 'none';
  readonly parameters?: readonly string[];
}

const web: Form = { schemes: ['http:', 'https:'] };

const forms: Readonly<Record<Exclude<CheckKind, 'HEARTBEAT'>, Form>> = {
  HTTP: web,
  GRAPHQL: web,
  PROMETHEUS: web,
  TCP: { schemes: ['tcp:'], port: 'needed' },
  DNS: { schemes: ['dns:'], path: 'none' },
  TLS: { schemes: ['tls:'], port: 'needed', path: 'none' },
  GRPC: { schemes: ['grpc:', 'grpcs:'], port: 'needed', path: 'none' },
  WEBSOCKET: { schemes: ['ws:', 'wss:'] },
  MONGODB: { schemes: ['mongodb:'], credentials: 'allowed', parameters: ['authSource', 'tls'] },
  REDIS: { schemes: ['redis:', 'rediss:'], credentials: 'allowed', parameters: [] },
  RABBITMQ: { schemes: ['amqp:', 'amqps:', 'http:', 'https:'], credentials: 'allowed', parameters: [] },
};

/** What is wrong with the text of a target; null when nothing is. Where it leads to is another question. */
export function targetProblem(kind: CheckKind, target: string | null): string | null {
  if (kind === 'HEARTBEAT') return target === null ? null : 'is not for HEARTBEAT';
  if (target === null) return `is needed for ${kind}`;
  if (!URL.canParse(target)) return 'is not a URL';
  const { schemes, port: demandedPort, credentials, path, parameters } = forms[kind];
  const { protocol, hostname, port, pathname, search, searchParams, hash } = new URL(target);
  if (!schemes.includes(protocol))
    return `does not begin with ${schemes.map((each) => `${each}//`).join(' or ')}`;
  // It is stored and shown, so nothing secret belongs there.
  if (hasCredentials(target)) {
    if (credentials !== 'allowed') return 'must not hold a user name or password';
    if (!areDecodable(target)) return 'has a user name or password that is wrongly encoded';
  }
  if (hostname === '') return 'has no host';
  if (hostname.includes(',')) return 'must name one host';
  if (demandedPort === 'needed' && !(Number(port) > 0)) return 'has no port';
  if (path === 'none' && (!['', '/'].includes(pathname) || search !== '')) return 'may hold no path';
  if (hash !== '') return 'may hold no fragment';
  const other = parameters && [...searchParams.keys()].find((each) => !parameters.includes(each));
  if (other !== undefined) return `has the parameter ${other}, which is not taken`;
  if (kind === 'REDIS' && !/^\/?\d{0,5}$/.test(pathname)) return 'names no database: it is a number';
  return null;
}

/** Whether a tenant may ask there, as far as can be told now. */
export async function isAllowed(
  { kind, target, resolver }: { kind: CheckKind; target: string | null; resolver: string | null },
  guard: AddressGuard,
): Promise<boolean> {
  if (target === null) return true;
  if (kind !== 'DNS') return isTargetAllowed(target, guard);
  // The name is asked about and not connected to.
  if (resolver === null) return !isClosedName(new URL(target).hostname);
  return guard.allows(resolverOf(resolver)?.address ?? '');
}

export function hasCredentials(target: string): boolean {
  const { username, password } = new URL(target);
  return username !== '' || password !== '';
}

/** The target as it may be shown. */
export function withoutCredentials(target: string): string {
  if (!hasCredentials(target)) return target;
  const url = new URL(target);
  Object.assign(url, { username: '', password: '' });
  return url.href;
}

function areDecodable(target: string): boolean {
  const { username, password } = new URL(target);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}
