// What a tenant may write as a check's target.
import type { TenantKind } from '../probes/kinds.ts';

const schemesOf: Readonly<Record<TenantKind, readonly string[]>> = {
  HTTP: ['http:', 'https:'],
  TCP: ['tcp:'],
};

/** What is wrong with the text of a target; null when nothing is. Where it leads to is another question. */
export function targetProblem(kind: TenantKind, target: string): string | null {
  if (!URL.canParse(target)) return 'is not a URL';
  const { protocol, username, password, hostname, port } = new URL(target);
  const schemes = schemesOf[kind];
  if (!schemes.includes(protocol))
    return `does not begin with ${schemes.map((each) => `${each}//`).join(' or ')}`;
  // It is stored and shown, so nothing secret belongs there.
  if (username !== '' || password !== '') return 'must not hold a user name or password';
  if (hostname === '') return 'has no host';
  if (kind === 'TCP' && !(Number(port) > 0)) return 'has no port';
  return null;
}
