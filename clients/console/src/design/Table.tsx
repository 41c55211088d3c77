import type { ReactNode } from 'react';
import { useText } from '../language/language.ts';

export interface TableProps {
  /** What is listed, for those who don't see the heading above it. */
  caption: string;
  columns: readonly string[];
  /** Whether a last column holds what can be done with a row. */
  hasActions?: boolean;
  /** Rows: `<tr>` whose first cell is a `<th scope="row">`. */
  children: ReactNode;
}

export function Table({ caption, columns, hasActions = false, children }: TableProps) {
  const text = useText();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className="table" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {(hasActions ? [...columns, text.table.actions] : columns).map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
