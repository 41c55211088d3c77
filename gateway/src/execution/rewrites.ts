// The changes that a plan makes to data on its way to a subgraph and back, compiled once.
import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isJsonObject, type JsonObject, own, setOwn } from './mergeData.ts';
import { isOfType } from './typeConditions.ts';

export type Rewrite = (value: unknown) => void;

const fragmentPrefix = '... on ';

/**
 * One function that applies all of them; undefined where there are none. The planner names what lies within a renamed
 * field by its name before, and after the field itself: so the innermost go first.
 */
export function compileRewrites(
  rewrites: readonly FetchDataRewrite[] | undefined,
  schema: GraphQLSchema,
): Rewrite | undefined {
  if (!rewrites?.length) return undefined;
  const compiled = rewrites.map((rewrite) => compileRewrite(rewrite, schema)).reverse();
  return (value) => {
    for (const apply of compiled) apply(value);
  };
}

function compileRewrite(rewrite: FetchDataRewrite, schema: GraphQLSchema): Rewrite {
  const path = rewrite.path.slice(0, -1);
  const key = rewrite.path.at(-1) ?? '';
  let apply: Rewrite = eachObject(changeOf(rewrite, key));
  for (const element of path.reverse()) {
    const next = apply;
    if (element.startsWith(fragmentPrefix)) {
      const condition = element.slice(fragmentPrefix.length);
      apply = eachObject((object) => {
        const typeName = own(object, '__typename');
        if (typeof typeName !== 'string' || isOfType(schema, typeName, condition)) next(object);
      });
    } else apply = eachObject((object) => next(own(object, element)));
  }
  return apply;
}

function changeOf(rewrite: FetchDataRewrite, key: string): (object: JsonObject) => void {
  if (rewrite.kind === 'ValueSetter') {
    const { setValueTo } = rewrite;
    return (object) => setOwn(object, key, setValueTo);
  }
  const { renameKeyTo } = rewrite;
  return (object) => {
    const value = own(object, key);
    if (value === undefined) return;
    setOwn(object, renameKeyTo, value);
    delete object[key];
  };
}

function eachObject(apply: (object: JsonObject) => void): Rewrite {
  const visit: Rewrite = (value) => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (isJsonObject(value)) apply(value);
  };
  return visit;
}
