// Parsed and valid documents, remembered by their text: clients send the same few operations over and over.
import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoFragmentCyclesRule,
  NoUnusedFragmentsRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { sizeLimits } from './limits/sizeLimits.ts';
import { unconditionalSubscriptions } from './limits/unconditionalSubscriptions.ts';

export interface ReadDocument {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** SHA-256 of the document's text. */
  hash: string;
  /** About the memory that it takes, parsed. Pruned it takes as much again, and so does its plan. */
  bytes: number;
}

export interface Documents {
  /** @returns errors where the text is no valid document of the schema, or names no operation to run. */
  read(source: DocumentSource): ReadDocument | { errors: readonly GraphQLError[] };
}

export interface DocumentSource {
  query: string;
  operationName: string | undefined;
  /** Whether errors may suggest names of the schema. */
  mayLearnSchema: boolean;
}

export interface DocumentsOptions {
  schema: GraphQLSchema;
  /** Most memory for documents that are remembered. Default 128 MiB. */
  cacheBytes?: number;
  /** Most lexical tokens of one document. Default 5,000. */
  maximumTokens?: number;
  /** Most levels of fields below an operation. Default 20; introspection as tools send it takes 14. */
  maximumDepth?: number;
  /** Most fields of an operation, fragments counted where they are spread. Default 1,000. */
  maximumFields?: number;
  /** Most fields of a mutation's own, each a change. Default 20. */
  maximumChanges?: number;
  /** Most times that an operation asks for the same field of the answer. Default 100. */
  maximumRepetitions?: number;
  /** Most fragments that are spread within each other. Default 30. */
  maximumNesting?: number;
}

type Known = Omit<ReadDocument, 'operation'>;

export function createDocuments(options: DocumentsOptions): Documents {
  const { schema, cacheBytes = 128 * 1_048_576, maximumTokens = 5_000 } = options;
  const { maximumDepth = 20, maximumFields = 1_000, maximumChanges = 20 } = options;
  const { maximumRepetitions = 100, maximumNesting = 30 } = options;
  const known = new LRUCache<string, Known>({
    maxSize: cacheBytes,
    sizeCalculation: ({ bytes }) => bytes,
  });
  // These come first: some of the specified rules take long for large operations, and one throws at a condition.
  // Cyclic and unused fragments are measured by nobody.
  const ownRules = [
    NoFragmentCyclesRule,
    NoUnusedFragmentsRule,
    sizeLimits({
      depth: maximumDepth,
      fields: maximumFields,
      changes: maximumChanges,
      repetitions: maximumRepetitions,
      nesting: maximumNesting,
    }),
    unconditionalSubscriptions,
  ];

  function check({ query, mayLearnSchema }: DocumentSource): Known | { errors: readonly GraphQLError[] } {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: maximumTokens });
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [coded(error, 'GRAPHQL_PARSE_FAILED')] };
      // The parser calls itself for each level, so that thousands of brackets fill the stack.
      if (error instanceof RangeError)
        return {
          errors: [coded(new GraphQLError('The document is nested too deep.'), 'GRAPHQL_PARSE_FAILED')],
        };
      throw error;
    }
    const settings = { maxErrors: 20, hideSuggestions: !mayLearnSchema };
    const refused = validate(schema, document, ownRules, settings);
    const errors = refused.length > 0 ? refused : validate(schema, document, specifiedRules, settings);
    if (errors.length > 0)
      return { errors: errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')) };
    return {
      document,
      hash: createHash('sha256').update(query).digest('base64'),
      bytes: weigh(document, query),
    };
  }

  return {
    read(source) {
      const { query, operationName } = source;
      let found = known.get(query);
      if (found === undefined) {
        const checked = check(source);
        if ('errors' in checked) return checked;
        found = checked;
        known.set(query, found);
      }
      const operation = getOperationAST(found.document, operationName);
      return operation ? { ...found, operation } : { errors: [unresolved(operationName)] };
    },
  };
}

/** Measured: a token with its node takes 200 to 400 bytes, a hundred times the text that it stands for. */
const bytesPerToken = 400;

function weigh({ loc }: DocumentNode, text: string): number {
  let tokens = 0;
  for (let token = loc?.startToken ?? null; token !== null; token = token.next) tokens += 1;
  return 2 * text.length + tokens * bytesPerToken;
}

function coded(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions } = error;
  return new GraphQLError(message, { nodes, source, positions, extensions: { code } });
}

function unresolved(operationName: string | undefined): GraphQLError {
  const message =
    operationName === undefined
      ? 'The document has several operations: name the one to run in operationName.'
      : `The document has no operation named "${operationName}".`;
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}
