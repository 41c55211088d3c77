import { pick, useGraphiQL, useMonaco } from '@graphiql/react';
import { useEffect } from 'react';
import { useInspection } from '../inspection/context.ts';
import { fieldAtCursor } from './field-at-cursor.ts';
import { costInWords, takesInWords } from './field-words.ts';

/** Adds who answers a field, and what it takes, to what the editor shows where the pointer rests. Shows nothing itself. */
export function HoverFacts() {
  const { schema } = useGraphiQL(pick('schema'));
  const { monaco } = useMonaco();
  const { facts } = useInspection().current;
  useEffect(() => {
    if (!monaco || !schema || !facts) return;
    const provider = monaco.languages.registerHoverProvider('graphql', {
      provideHover(model, position) {
        const found = fieldAtCursor(schema, model.getValue(), position);
        const known = found && facts.fields[found.coordinate];
        if (!known) return null;
        const cost = costInWords(known);
        const value = `**${known.subgraphs.join(', ')}** · takes \`${takesInWords(known)}\`${cost ? ` · ${cost}` : ''}`;
        return { contents: [{ value }] };
      },
    });
    return () => provider.dispose();
  }, [monaco, schema, facts]);
  return null;
}
