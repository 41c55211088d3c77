// Federation's authorization directives by the names that a document gives them: an unread mark would open a field.
import type { DocumentNode } from 'graphql';
import { linkedDirectives } from '../linked-directives.ts';

export type AuthorizationDirective = 'authenticated' | 'requiresScopes' | 'policy';

const known: ReadonlyMap<AuthorizationDirective, string> = new Map([
  ['authenticated', 'authenticated'],
  ['requiresScopes', 'requiresScopes'],
  ['policy', 'policy'],
]);

/**
 * The names under which federation's authorization directives appear in `document`,
 * a subgraph's SDL or a supergraph, mapped to the directive they stand for.
 */
export function authorizationDirectives(document: DocumentNode): Map<string, AuthorizationDirective> {
  return linkedDirectives(document, known);
}
