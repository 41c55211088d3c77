// Which version of a resource somebody has seen (RFC 7644, 3.14): a digest of what is shown, so that every change of
// it counts, whoever made it.
import { createHash } from 'node:crypto';
import { ScimError } from './errors.ts';

export function versionOf(shown: object): string {
  return `W/"${createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 22)}"`;
}

/** @throws ScimError 412 when a change was meant for another version than this one */
export function demandVersion(ifMatch: string | undefined, version: string): void {
  if (ifMatch === undefined || names(ifMatch, version)) return;
  throw new ScimError(412, 'The resource has changed since it was read. Read it again.');
}

/** Whether a header names a version: one of several, or any. Weak and strong are one here. */
export function names(header: string, version: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.split(',').some((tag) => tag.trim() === '*' || plain(tag) === plain(version));
}
