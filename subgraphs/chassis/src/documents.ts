// Parsed and validated documents, remembered: the gateway opens the same few operations over and over.
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { noIntrospection } from './introspection.ts';

export type Prepared =
  | { kind: 'valid'; document: DocumentNode; operation: OperationDefinitionNode }
  | { kind: 'invalid'; errors: readonly GraphQLError[] };

export interface DocumentCache {
  prepare(query: string, operationName: string | null | undefined): Prepared;
}

export function createDocumentCache(schema: GraphQLSchema, { size = 1_000 } = {}): DocumentCache {
  const known = new LRUCache<string, DocumentNode>({ max: size });

  function read(query: string): DocumentNode | readonly GraphQLError[] {
    const cached = known.get(query);
    if (cached !== undefined) return cached;
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: 10_000 });
    } catch (error) {
      return [coded(error instanceof GraphQLError ? error.message : 'Syntax error.', 'GRAPHQL_PARSE_FAILED')];
    }
    const errors = validate(schema, document, [...specifiedRules, noIntrospection], {
      hideSuggestions: true,
    });
    if (errors.length > 0) return errors.map((error) => coded(error.message, 'GRAPHQL_VALIDATION_FAILED'));
    known.set(query, document);
    return document;
  }

  return {
    prepare(query, operationName) {
      const document = read(query);
      if (!('kind' in document)) return { kind: 'invalid', errors: document };
      const operation = getOperationAST(document, operationName);
      if (operation) return { kind: 'valid', document, operation };
      return {
        kind: 'invalid',
        errors: [coded('Name one operation of the document.', 'OPERATION_RESOLUTION_FAILURE')],
      };
    },
  };
}

function coded(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
