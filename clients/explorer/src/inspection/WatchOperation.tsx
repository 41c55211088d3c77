import { pick, useGraphiQL } from '@graphiql/react';
import { validate } from 'graphql';
import { useEffect } from 'react';
import { selectOperation } from '../graphql/operation.ts';
import { useInspection } from './context.ts';

/** How long the text must rest before the gateway is asked about it. */
const restMs = 400;

/** Has the operation in the editor looked at whenever it has become another one. Shows nothing. */
export function WatchOperation() {
  const { queryEditor, variableEditor, schema, fetchError, documentAST, operationName } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'schema', 'fetchError', 'documentAST', 'operationName'),
  );
  const { inspect, forget, loadFacts } = useInspection();
  useEffect(() => {
    // With the schema: whoever fetches it anew wants to see what has changed. Where it is not to be had, the gateway
    // says here in a sentence why.
    if (schema || fetchError) void loadFacts();
  }, [schema, fetchError, loadFacts]);
  useEffect(() => {
    if (!schema && fetchError) forget('Without the schema nothing can be planned.');
    if (!schema || !queryEditor) return;
    const timer = setTimeout(() => {
      if (!documentAST) return forget('There is no whole operation in the editor.');
      if (validate(schema, documentAST).length > 0) return forget('The operation does not fit the schema.');
      const query = queryEditor.getValue();
      const { name } = selectOperation(query, operationName);
      void inspect({ query, operationName: name, variables: variablesOf(variableEditor?.getValue()) });
    }, restMs);
    return () => clearTimeout(timer);
  }, [schema, fetchError, queryEditor, variableEditor, documentAST, operationName, inspect, forget]);
  return null;
}

function variablesOf(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const variables: unknown = JSON.parse(text ?? '');
    const isMap = typeof variables === 'object' && variables !== null && !Array.isArray(variables);
    return isMap ? { ...variables } : undefined;
  } catch {
    // The editor marks what is wrong with them; comments and trailing commas are the editor's own.
    return undefined;
  }
}
