// Who somebody is, who belongs to a tenant and what they may do: changed by nobody who acts for somebody else, however
// much both may. What is made here outlasts the token, and the person's word is needed for it.
import { forbidden } from '@supergraph/chassis/errors';
import type { Context } from '../context.ts';
import type { Resolvers } from '../schema.generated.ts';

type Mutations = NonNullable<Resolvers['Mutation']>;

/** The mutations, for those who act for themselves. */
export function byOwnHand(mutations: Mutations): Mutations {
  const guarded = Object.entries(mutations).map(([field, resolver]) => {
    const resolve = typeof resolver === 'function' ? resolver : resolver.resolve;
    return [
      field,
      (parent: unknown, args: unknown, context: Context, info: unknown) => {
        if (context.viewer.actorId !== undefined)
          throw forbidden('Not by a token that was exchanged: who acts for somebody changes nothing here.');
        return Reflect.apply(resolve, undefined, [parent, args, context, info]);
      },
    ];
  });
  return Object.fromEntries(guarded); // the same fields, each with the arguments and the answer of its own
}
