import { type DocumentNode, getOperationAST, type OperationDefinitionNode } from 'graphql';

/** For tests only. @throws where the document holds none or several */
export function onlyOperationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = getOperationAST(document);
  if (!operation) throw new Error('one operation is expected');
  return operation;
}
