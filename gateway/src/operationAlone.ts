import { type DocumentNode, separateOperations } from 'graphql';

/** One operation of a document with the fragments that it uses: other operations of the document don't run. */
export function operationAlone(document: DocumentNode, name: string | undefined): DocumentNode {
  return separateOperations(document)[name ?? ''] ?? document;
}
