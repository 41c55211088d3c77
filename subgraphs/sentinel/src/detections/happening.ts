// What a part of a rule was met by, and by what it is grouped. Pure.
import { createHash } from 'node:crypto';
import type { SigmaEvent } from '../sigma/index.ts';
import type { Rule } from './rule.ts';

/** An event that a part of a rule matched, or what a correlation made of several. */
export interface Happening {
  readonly id: string;
  readonly at: number;
  readonly fields: SigmaEvent;
  /** The events behind it, each with its instant. */
  readonly evidence: ReadonlyMap<string, number>;
  /** Of these, the ones that were not behind it before, as far as is known. */
  readonly added: ReadonlyMap<string, number>;
  readonly subjects: readonly Subject[];
  /** Whether it is a single event, which is all the evidence of itself. */
  readonly isEvent: boolean;
}

export interface Subject {
  readonly field: string;
  readonly value: string;
}

/** By what a rule of single events groups: who did it, else from where. */
const subjectFields = ['actor.user.uid', 'user.uid', 'src_endpoint.ip', 'actor.app_uid'].map((field) => ({
  ...{ field, path: field.split('.') },
}));

export function eventHappening(event: { id: string; at: number; fields: SigmaEvent }): Happening {
  const evidence = new Map([[event.id, event.at]]);
  return { ...event, evidence, added: evidence, subjects: subjectsOf(event.fields), isEvent: true };
}

/** The group's name. Another version of a rule counts from nothing. */
export function groupOf(
  { id, version }: Rule,
  { part, values }: { part: string; values: readonly string[] },
): string {
  const text = JSON.stringify([part, ...values]);
  return `${id}@${version}:${createHash('sha256').update(text).digest('base64url')}`;
}

function subjectsOf(fields: SigmaEvent): Subject[] {
  for (const { field, path } of subjectFields) {
    const value = path.reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
      fields,
    );
    if (typeof value === 'string') return [{ field, value }];
  }
  return [];
}
