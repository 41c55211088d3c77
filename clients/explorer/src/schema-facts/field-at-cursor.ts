// Which field of the schema the cursor is in, also while the text around it is half written.

import { type GraphQLField, type GraphQLSchema, isCompositeType } from 'graphql';
import { getTokenAtPosition, getTypeInfo, Position, type State } from 'graphql-language-service';

export interface FieldAtCursor {
  /** `Type.field`. */
  coordinate: string;
  field: GraphQLField<unknown, unknown>;
}

/** Lines and columns count from 1, as the editor has them. */
interface Cursor {
  lineNumber: number;
  column: number;
}

/** Null where the cursor is in none, or in one that the schema does not have. */
export function fieldAtCursor(schema: GraphQLSchema, text: string, cursor: Cursor): FieldAtCursor | null {
  // In an alias the reader of the text doesn't know yet which field follows.
  const line = text.split('\n')[cursor.lineNumber - 1] ?? '';
  const alias = /^\w*\s*:\s*(?=\w)/.exec(line.slice(cursor.column - 1))?.[0] ?? '';
  return (
    fieldOf(schema, stateAt(text, cursor)) ??
    fieldOf(schema, stateAt(text, { ...cursor, column: cursor.column + alias.length }))
  );
}

function fieldOf(schema: GraphQLSchema, state: State): FieldAtCursor | null {
  const inField = enclosingField(state);
  if (inField === null) return null;
  const { parentType, fieldDef } = getTypeInfo(schema, inField);
  if (!fieldDef || !isCompositeType(parentType) || fieldDef.name.startsWith('__')) return null;
  return { coordinate: `${parentType.name}.${fieldDef.name}`, field: fieldDef };
}

// Behind a line's last word the reader runs on to the document's end: it is asked about that word instead.
function stateAt(text: string, { lineNumber, column }: Cursor): State {
  const lines = text.split('\n').slice(0, lineNumber);
  let line = lines.pop() ?? '';
  let at = column - 1;
  while (at >= line.length && lines.length > 0 && line.trim() === '') {
    line = lines.pop() ?? '';
    at = line.length;
  }
  return getTokenAtPosition(
    text,
    new Position(lines.length, Math.max(0, Math.min(at, line.trimEnd().length - 1))),
  ).state;
}

function enclosingField(state: State | null | undefined): State | null {
  for (let at = state; at; at = at.prevState) {
    if (at.kind === 'Field') return at;
    if (at.kind === 'AliasedField') return at.step < 2 ? null : at;
  }
  return null;
}
