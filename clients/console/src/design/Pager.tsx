import { useState } from 'react';
import { useText } from '../language/language.ts';
import { Button } from './Button.tsx';

export interface Pages {
  /** The cursor after which the shown page begins; null: the first. */
  after: string | null;
  isFirst: boolean;
  goOn(cursor: string): void;
  goBack(): void;
}

/** The way through a list, page by page. */
export function usePages(): Pages {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  return {
    after: cursors.at(-1) ?? null,
    isFirst: cursors.length === 0,
    goOn: (cursor) => setCursors([...cursors, cursor]),
    goBack: () => setCursors(cursors.slice(0, -1)),
  };
}

export interface PagerProps {
  pages: Pages;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** Nothing where all is on one page. */
export function Pager({ pages, pageInfo }: PagerProps) {
  const text = useText();
  const next = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  if (pages.isFirst && next === null) return null;
  return (
    <nav className="actions" aria-label={text.pages.label}>
      <Button disabled={pages.isFirst} onClick={pages.goBack}>
        {text.pages.previous}
      </Button>
      <Button disabled={next === null} onClick={() => next !== null && pages.goOn(next)}>
        {text.pages.next}
      </Button>
    </nav>
  );
}
