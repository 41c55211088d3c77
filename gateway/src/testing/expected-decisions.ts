// For tests only: what an SDL says of each field, by a reading of its own that owes nothing to the policy's.
import { type ConstDirectiveNode, type DirectiveNode, Kind, parse, valueFromASTUntyped } from 'graphql';

export interface Asker {
  isAnonymous: boolean;
  subject: string;
  tenantId: string | null;
  roles: readonly string[];
  permissions: ReadonlySet<string>;
}

export interface AskedField {
  typeName: string;
  fieldName: string;
  /** The arguments that it is asked with, and the object that it is asked of. */
  given?: Readonly<Record<string, unknown>>;
  object?: Readonly<Record<string, unknown>>;
}

export type Expected = 'allowed' | 'UNAUTHENTICATED' | 'FORBIDDEN';

type Marks = { name: string; anyOf: string[][] }[];

export interface ExpectedDecisions {
  decide(asker: Asker, field: AskedField): Expected;
  /** `Type.field` of every object type. */
  coordinates: readonly string[];
}

/** @param entityOf what policies may read of the entity that an argument names */
export function readExpectedDecisions(
  sdl: string,
  entityOf: (id: unknown) => Readonly<Record<string, unknown>> = () => ({}),
): ExpectedDecisions {
  const ofTypes = new Map<string, Marks>();
  const ofFields = new Map<string, Marks>();
  for (const node of parse(sdl).definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    ofTypes.set(node.name.value, marksOf(node.directives));
    for (const { name, directives } of node.fields ?? [])
      ofFields.set(`${node.name.value}.${name.value}`, marksOf(directives));
  }
  return {
    coordinates: [...ofFields.keys()],
    decide(asker, field) {
      const ofField = ofFields.get(`${field.typeName}.${field.fieldName}`) ?? [];
      const marks = [...(ofTypes.get(field.typeName) ?? []), ...ofField];
      const isAllowed = marks.every(({ name, anyOf }) =>
        name === 'authenticated'
          ? !asker.isAnonymous
          : anyOf.some((all) => all.every((policy) => isMet(policy, asker, { ...field, entityOf }))),
      );
      if (marks.length > 0 && isAllowed) return 'allowed';
      return asker.isAnonymous ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    },
  };
}

function marksOf(directives: readonly (ConstDirectiveNode | DirectiveNode)[] = []): Marks {
  return directives
    .filter(({ name }) => ['authenticated', 'policy'].includes(name.value))
    .map(({ name, arguments: given }) => {
      const value = given?.[0]?.value;
      const anyOf: unknown = value ? valueFromASTUntyped(value) : [];
      return { name: name.value, anyOf: anyOf as string[][] };
    });
}

type Place = AskedField & { entityOf(id: unknown): Readonly<Record<string, unknown>> };

function isMet(policy: string, asker: Asker, place: Place): boolean {
  if (policy === 'public') return true;
  const [permission = '', on] = policy.split('@');
  if (on !== undefined) return isMetOn(on, { permission, asker, place });
  const [left = '', right] = policy.split('=');
  if (right === undefined) return asker.permissions.has(policy);
  if (left === 'role') return asker.roles.includes(right);
  if (left === 'tenant') return asker.tenantId === (right === 'platform' ? 'ten_platform' : right);
  const [, source, name = ''] = /^(\w+)\((\w+)\)$/.exec(left) ?? [];
  const value = (source === 'argument' ? place.given : place.object)?.[name];
  const own = right === 'viewer.subject' ? asker.subject : asker.tenantId;
  return !asker.isAnonymous && value !== undefined && value !== null && value === own;
}

function isMetOn(
  on: string,
  { permission, asker, place }: { permission: string; asker: Asker; place: Place },
): boolean {
  const held = [...asker.permissions].filter((each) => each.startsWith(`${permission}@`));
  if (on === 'any') return held.length > 0;
  const [, source, path = '', field] = /^(\w+)\(([\w.]+)(?::\w+\.(\w+))?\)$/.exec(on) ?? [];
  const named = path
    .split('.')
    .reduce<unknown>(
      (value, name) => (value as Record<string, unknown> | undefined)?.[name],
      source === 'argument' ? place.given : place.object,
    );
  const value = field === undefined ? named : place.entityOf(named)[field];
  return held.includes(`${permission}@${String(value)}`);
}
