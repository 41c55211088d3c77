// Which operation of a document runs.
import { type DocumentNode, Kind, parse } from 'graphql';

export interface SelectedOperation {
  /** Undefined where the text does not parse: the server says what is wrong with it. */
  document: DocumentNode | undefined;
  name: string | undefined;
}

/**
 * The operation to run of the text that is sent.
 *
 * GraphiQL notices a change of the text a tenth of a second late, so that right after a change of tabs it asks for
 * the other tab's operation. A name that the text lacks gives way to the only operation that it has.
 */
export function selectOperation(text: string, requestedName: string | null | undefined): SelectedOperation {
  const document = parsed(text);
  const names = (document?.definitions ?? [])
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => operation.name?.value);
  const requested = requestedName ?? undefined;
  return { document, name: names.length === 1 && !names.includes(requested) ? names[0] : requested };
}

function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
