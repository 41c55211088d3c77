// One request for what is asked of entities under several contexts: GraphQL gives a field one value for a variable, so
// that each context has its own `_entities`, with variables of its own.
import type { FetchNode } from '@apollo/query-planner';
import {
  type DefinitionNode,
  type DocumentNode,
  type GraphQLFormattedError,
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { OperationContext } from '../context.ts';
import { contextVariables } from './contextArguments.ts';
import type { DividedFetch } from './fetchBody.ts';
import { quoted } from './jsonText.ts';
import { parseSubgraphAnswer } from './subgraphAnswer.ts';
import type { SubgraphClient } from './subgraphClient.ts';

/** Asks for the entities of one context, once for each; answered as if nothing else had been asked. */
export type ContextBatch = Pick<SubgraphClient, 'fetch'>;

export interface ContextBatchOptions {
  node: FetchNode;
  client: SubgraphClient;
  /** Makes of the client one that does not ask for what is kept. */
  keeping(client: SubgraphClient): SubgraphClient;
}

interface Party {
  request: DividedFetch;
  context: OperationContext;
  resolve(text: string): void;
  reject(error: unknown): void;
}

/** Most contexts in one request, and most lexical tokens of its document: subgraphs refuse what is much larger. */
const mostContexts = 20;
const mostTokens = 3_000;

/** @returns what makes a batch for a number of contexts: it waits until each has asked, or found that it need not */
export function compileContextBatch(options: ContextBatchOptions): (contexts: number) => ContextBatch {
  const { node, client, keeping } = options;
  const names = new Set(['representations', ...contextVariables(node)]);
  const document = parse(node.operation, { noLocation: true });
  const tokens = node.operation.match(/\w+|[^\s\w]/g)?.length ?? 1;
  const mostAtOnce = Math.max(1, Math.min(mostContexts, Math.floor(mostTokens / tokens)));
  const texts = new Map<number, string>();
  const textFor = (contexts: number) => {
    const known = texts.get(contexts);
    if (known !== undefined) return known;
    const text = quoted(severalTimes(document, { contexts, names }));
    texts.set(contexts, text);
    return text;
  };

  function bodyOf(parties: readonly Party[]): string {
    const variables: Record<string, unknown> = {};
    let members = '';
    for (const [index, { request }] of parties.entries()) {
      const { variables: given, representations = [] } = request;
      const own: Record<string, unknown> = JSON.parse(`{${given}}`);
      for (const [name, value] of Object.entries(own)) variables[nameAt(name, { index, names })] = value;
      members += `,${quoted(nameAt('representations', { index, names }))}:[${representations.join(',')}]`;
    }
    const { operationName } = node;
    const name = operationName === undefined ? '' : `,"operationName":${quoted(operationName)}`;
    const others = JSON.stringify(variables).slice(1, -1);
    const all = others === '' ? members.slice(1) : others + members;
    return `{"query":${textFor(parties.length)}${name},"variables":{${all}}}`;
  }

  async function send(parties: readonly Party[]): Promise<void> {
    const [first] = parties;
    if (first === undefined) return;
    try {
      if (parties.length === 1) return first.resolve(await client.fetch(first.request, first.context));
      const text = await client.fetch({ body: bodyOf(parties), kind: 'query' }, first.context);
      const answers = divide(text, parties);
      for (const [index, party] of parties.entries()) party.resolve(answers[index] ?? '');
    } catch (error) {
      for (const party of parties) party.reject(error);
    }
  }

  return (contexts) => {
    const waiting: Party[] = [];
    let missing = contexts;
    const arrive = () => {
      missing -= 1;
      if (missing > 0) return;
      for (let start = 0; start < waiting.length; start += mostAtOnce)
        void send(waiting.slice(start, start + mostAtOnce));
      waiting.length = 0;
    };
    return {
      fetch(request, context) {
        let hasAsked = false;
        const joining: SubgraphClient = {
          ...client,
          fetch(rest: DividedFetch) {
            hasAsked = true;
            return new Promise((resolve, reject) => {
              waiting.push({ request: rest, context, resolve, reject });
              arrive();
            });
          },
        };
        return keeping(joining)
          .fetch(request, context)
          .finally(() => {
            if (!hasAsked) arrive();
          });
      },
    };
  };
}

function nameAt(name: string, { index, names }: { index: number; names: ReadonlySet<string> }): string {
  return names.has(name) ? `${name}_${index}` : name;
}

/** The document with its `_entities` once for each context, under an alias, with variables of their own. */
function severalTimes(
  document: DocumentNode,
  { contexts, names }: { contexts: number; names: ReadonlySet<string> },
): string {
  const indexes = Array.from({ length: contexts }, (_, index) => index);
  const at = <Node extends DefinitionNode | VariableDefinitionNode>(node: Node, index: number): Node =>
    visit(node, {
      Variable: (variable) => renamed(variable, nameAt(variable.name.value, { index, names })),
      FragmentSpread: (spread) => renamed(spread, `${spread.name.value}_${index}`),
      FragmentDefinition: {
        leave: (fragment) => renamed(fragment, `${fragment.name.value}_${index}`),
      },
    });
  const definitions = document.definitions.flatMap((definition): DefinitionNode[] => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return indexes.map((index) => at(definition, index));
    const { variableDefinitions = [], selectionSet } = definition;
    const isOwn = ({ variable }: VariableDefinitionNode) => names.has(variable.name.value);
    const selections = indexes.flatMap((index) =>
      at(definition, index).selectionSet.selections.map((selection) =>
        selection.kind === Kind.FIELD
          ? { ...selection, alias: { kind: Kind.NAME as const, value: aliasOf(index) } }
          : selection,
      ),
    );
    return [
      {
        ...definition,
        variableDefinitions: variableDefinitions.flatMap((each) =>
          isOwn(each) ? indexes.map((index) => at(each, index)) : [each],
        ),
        selectionSet: { ...selectionSet, selections },
      },
    ];
  });
  return stripIgnoredCharacters(print({ ...document, definitions }));
}

function renamed<Node extends { name: { value: string } }>(node: Node, value: string): Node {
  return { ...node, name: { ...node.name, value } };
}

function aliasOf(index: number): string {
  return `_entities_${index}`;
}

/** The answer as one for each context. What is said of none of them is told once. */
function divide(text: string, parties: readonly Party[]): string[] {
  const { data, errors = [] } = parseSubgraphAnswer(text);
  const indexes = new Map(parties.map((_, index) => [aliasOf(index), index]));
  const ofContext = parties.map((): GraphQLFormattedError[] => []);
  for (const error of errors) {
    const [alias, ...rest] = error.path ?? [];
    const index = indexes.get(String(alias));
    const own = index === undefined ? error : { ...error, path: ['_entities', ...rest] };
    ofContext[index ?? 0]?.push(own);
  }
  return parties.map(({ request: { representations = [] } }, index) => {
    // Without data there are errors, which are told already.
    const told = data ? data[aliasOf(index)] : representations.map(() => null);
    const said = ofContext[index] ?? [];
    return JSON.stringify({ data: { _entities: told }, ...(said.length > 0 ? { errors: said } : {}) });
  });
}
