// Parsed and valid documents, remembered by their text: callers send the same few operations over and over.
import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { inSpan } from './tracing.ts';

export interface ReadDocument {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** SHA-256 of the document's text. */
  hash: string;
  /** About the memory that it takes, parsed. */
  bytes: number;
}

export interface Documents {
  /** What is remembered of it; undefined where `read` has to parse and validate its text. */
  recall(source: DocumentSource): ReadDocument | { errors: readonly GraphQLError[] } | undefined;
  /** @returns errors where the text is no valid document of the schema, or names no operation to run. */
  read(source: DocumentSource): ReadDocument | { errors: readonly GraphQLError[] };
  /** Drops what is remembered. */
  forget(): void;
}

export interface DocumentSource {
  query: string;
  operationName: string | null | undefined;
  /** Whether errors may suggest names of the schema. */
  mayLearnSchema: boolean;
}

export interface DocumentsOptions {
  schema: GraphQLSchema;
  /** What must hold before the rules of GraphQL itself are looked at, some of which take long for large documents. */
  firstRules?: readonly ValidationRule[];
  /** Most memory for documents that are remembered. Default 32 MiB. */
  cacheBytes?: number;
  /** Most lexical tokens of one document. Default 5,000. */
  maximumTokens?: number;
}

type Known = Omit<ReadDocument, 'operation'>;

export function createDocuments(options: DocumentsOptions): Documents {
  const { schema, firstRules = [], cacheBytes = 32 * 1_048_576, maximumTokens = 5_000 } = options;
  const known = new LRUCache<string, Known>({
    maxSize: cacheBytes,
    sizeCalculation: ({ bytes }) => bytes,
  });

  function check({ query, mayLearnSchema }: DocumentSource): Known | { errors: readonly GraphQLError[] } {
    let document: DocumentNode;
    try {
      document = inSpan('parse', {}, () => parse(query, { maxTokens: maximumTokens }));
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [coded(error, 'GRAPHQL_PARSE_FAILED')] };
      // The parser calls itself for each level, so that thousands of brackets fill the stack.
      if (error instanceof RangeError) {
        const tooDeep = new GraphQLError('The document is nested too deep.');
        return { errors: [coded(tooDeep, 'GRAPHQL_PARSE_FAILED')] };
      }
      throw error;
    }
    const violations = (rules: readonly ValidationRule[]) =>
      violationsOf(rules, { schema, document, mayLearnSchema });
    const errors = inSpan('validate', {}, () => {
      const first = violations(firstRules);
      return first.length > 0 ? first : violations(specifiedRules);
    });
    if (errors.length > 0)
      return { errors: errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')) };
    return {
      document,
      hash: createHash('sha256').update(query).digest('base64'),
      bytes: weigh(document, query),
    };
  }

  function recall(source: DocumentSource) {
    const found = known.get(source.query);
    return found && select(found, source);
  }

  return {
    forget: () => known.clear(),

    recall,

    read(source) {
      const remembered = recall(source);
      if (remembered !== undefined) return remembered;
      const checked = check(source);
      if ('errors' in checked) return checked;
      known.set(source.query, checked);
      return select(checked, source);
    },
  };
}

function select(found: Known, { operationName }: DocumentSource): ReturnType<Documents['read']> {
  const operation = getOperationAST(found.document, operationName);
  return operation ? { ...found, operation } : { errors: [unresolved(operationName)] };
}

function violationsOf(
  rules: readonly ValidationRule[],
  about: { schema: GraphQLSchema; document: DocumentNode; mayLearnSchema: boolean },
): readonly GraphQLError[] {
  try {
    return validate(about.schema, about.document, rules, {
      maxErrors: 20,
      hideSuggestions: !about.mayLearnSchema,
    });
  } catch (error) {
    // SingleFieldSubscriptionsRule evaluates @skip and @include without variables, and throws where they need one.
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
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

function unresolved(operationName: string | null | undefined): GraphQLError {
  const message =
    operationName === null || operationName === undefined
      ? 'The document has several operations: name the one to run in operationName.'
      : `The document has no operation named "${operationName}".`;
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}
