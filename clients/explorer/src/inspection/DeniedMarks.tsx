import { pick, useGraphiQL, useMonaco } from '@graphiql/react';
import { useEffect } from 'react';
import { useInspection } from './context.ts';

/** Underlines in the editor what this person may not see, with the reason. F8 goes from one to the next. */
export function DeniedMarks() {
  const { queryEditor } = useGraphiQL(pick('queryEditor'));
  const { monaco } = useMonaco();
  const { report, operation } = useInspection().current;
  useEffect(() => {
    const model = queryEditor?.getModel();
    if (!monaco || !model) return;
    // An answer that is about an older text would underline other words.
    const denied = operation?.query === model.getValue() ? (report?.denied ?? []) : [];
    const markers = denied.map(({ line, column, length, message }) => ({
      severity: monaco.MarkerSeverity.Warning,
      message,
      startLineNumber: line,
      startColumn: column,
      endLineNumber: line,
      endColumn: column + length,
    }));
    monaco.editor.setModelMarkers(model, 'permissions', markers);
  }, [monaco, queryEditor, report, operation]);
  return null;
}
