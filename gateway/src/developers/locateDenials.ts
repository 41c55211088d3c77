// Where in a document the fields stand that its viewer may not see.
import { denialError, type Policy } from '@supergraph/chassis/policy';
import { type GraphQLSchema, getLocation, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { AuthorizedOperation } from '../authorization/authorizeOperation.ts';
import { concreteTypes } from '../authorization/denials.ts';
import { operationAlone } from '../operationAlone.ts';

export interface LocatedDenial {
  /** `Type.field` of an object type. */
  coordinate: string;
  code: 'UNAUTHENTICATED' | 'FORBIDDEN';
  /** What it takes, as the answer would say it. */
  message: string;
  /** Where its name, or its alias, begins; lines and columns count from 1. */
  line: number;
  column: number;
  /** Characters from there to the end of its name. */
  length: number;
}

export interface DenialsToLocate {
  schema: GraphQLSchema;
  policy: Policy;
  authorized: Pick<AuthorizedOperation, 'asked' | 'denials' | 'argumentDenials'>;
  /** Of the document's operations the one that was asked; null for its only one. */
  operationName: string | null;
}

/**
 * In the order of the document; what lies below a denied field is not named again, and what depends on the objects is not
 * known yet. A field of an abstract type is named once for each concrete type that denies it.
 */
export function locateDenials(options: DenialsToLocate): LocatedDenial[] {
  const { schema, policy, authorized, operationName } = options;
  const { asked, denials, argumentDenials } = authorized;
  if (denials.size + argumentDenials.size === 0) return [];
  const located: LocatedDenial[] = [];
  const typeInfo = new TypeInfo(schema);
  visit(
    operationAlone(asked, operationName ?? undefined),
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const parent = typeInfo.getParentType();
        const { name, alias } = node;
        if (!parent || !name.loc) return undefined;
        const start = (alias ?? name).loc ?? name.loc;
        const types = concreteTypes(schema, parent);
        const codes = types.map(
          ({ name: of }) => denials.get(`${of}.${name.value}`) ?? argumentDenials.get(node)?.get(of),
        );
        for (const [place, type] of types.entries()) {
          const code = codes[place];
          if (code === undefined) continue;
          const field = { typeName: type.name, fieldName: name.value };
          located.push({
            coordinate: `${field.typeName}.${field.fieldName}`,
            code,
            message: denialError(code, field, policy).message,
            ...getLocation(start.source, start.start),
            length: name.loc.end - start.start,
          });
        }
        return codes.includes(undefined) ? undefined : false;
      },
    }),
  );
  return located;
}
