import { pick, useGraphiQL } from '@graphiql/react';
import { useEffect, useState } from 'react';
import { useInspection } from '../inspection/context.ts';
import { type FieldAtCursor, fieldAtCursor } from './field-at-cursor.ts';
import { costInWords, takesInWords } from './field-words.ts';
import { SubgraphName } from './SubgraphName.tsx';

/** One line below the editor: what is known of the field that the cursor is in, and how many fields are denied. */
export function CursorFacts() {
  const { facts, factsFailure, report } = useInspection().current;
  const found = useFieldAtCursor();
  const known = found && facts?.fields[found.coordinate];
  const cost = known && costInWords(known);
  const denied = new Set(report?.denied.map(({ coordinate }) => coordinate));
  const { deprecationReason, description } = found?.field ?? {};
  return (
    <section className="cursor-facts" aria-label="Field at the cursor">
      {found === null ? (
        <span className="hint">{factsFailure ?? 'Put the cursor into a field to see who answers it.'}</span>
      ) : (
        <>
          <code>{found.coordinate}</code>
          {known?.subgraphs.map((name) => (
            <SubgraphName key={name} name={name} facts={facts} />
          ))}
          {known && (
            <span>
              takes <strong>{takesInWords(known)}</strong>
            </span>
          )}
          {cost && <span className="hint">{cost}</span>}
          {denied.has(found.coordinate) && <span className="denied">denied to you</span>}
          {deprecationReason && <span className="deprecated">deprecated: {deprecationReason}</span>}
          {!known && facts && <span className="hint">nothing more is known of it</span>}
          {description && <span className="description">{description.split('\n', 1)[0]}</span>}
        </>
      )}
    </section>
  );
}

function useFieldAtCursor(): FieldAtCursor | null {
  const { queryEditor, schema } = useGraphiQL(pick('queryEditor', 'schema'));
  const [found, setFound] = useState<FieldAtCursor | null>(null);
  useEffect(() => {
    if (!queryEditor || !schema) return setFound(null);
    const look = () => {
      const position = queryEditor.getPosition();
      setFound(position && fieldAtCursor(schema, queryEditor.getValue(), position));
    };
    look();
    const watching = [queryEditor.onDidChangeCursorPosition(look), queryEditor.onDidChangeModelContent(look)];
    return () => {
      for (const each of watching) each.dispose();
    };
  }, [queryEditor, schema]);
  return found;
}
