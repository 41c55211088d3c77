// What a domain is, and what its DNS has to say. Pure.
import { domainToASCII } from 'node:url';
import { z } from 'zod';

/** A tenant's domains are read at once, so that they are bounded. */
export const maximumDomains = 50;

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** A domain as DNS writes it: in ASCII and lower case; null for what is none. */
export function domainName(text: string): string | null {
  const name = domainToASCII(text.trim().replace(/\.$/, '')).toLowerCase();
  const labels = name.split('.');
  const isDomain = name.length <= 253 && labels.length > 1 && labels.every((one) => label.test(one));
  // The last label of an address of IPv4 is a number; of a domain it never is.
  return isDomain && !/^\d+$/.test(labels.at(-1) ?? '') ? name : null;
}

/** The domain of an e-mail address; null for what is no address. */
export function domainOfEmail(email: string): string | null {
  const at = email.lastIndexOf('@');
  return at < 1 ? null : domainName(email.slice(at + 1));
}

const id = z.string().min(1, 'must not be empty').max(100, 'is longer than 100 characters');

const name = z
  .string()
  .max(254, 'is longer than 254 characters')
  .transform((text, context) => {
    const read = domainName(text);
    if (read !== null) return read;
    context.addIssue({ code: 'custom', message: 'is no domain such as example.com' });
    return z.NEVER;
  });

export const newDomainInput = z.object({ name });
export const namedDomainInput = z.object({ id });
export const approvedDomainInput = z.object({ tenantId: id, name });

/** Where the proof lies: a name of its own, so that it stands beside other records of the domain. */
export function recordName(domain: string): string {
  return `_arthemiz.${domain}`;
}

export function recordValue(challenge: string): string {
  return `arthemiz-domain-verification=${challenge}`;
}

/** Whether one of a name's TXT records, each in the pieces that DNS cuts it into, is the proof. */
export function isProof(records: readonly (readonly string[])[], challenge: string): boolean {
  return records.some((pieces) => pieces.join('').trim() === recordValue(challenge));
}
