import { type ReactNode, useEffect, useRef } from 'react';

export interface PageHeaderProps {
  title: string;
  /** What the page is for, in a sentence. */
  lead?: string;
  /** What can be done on the page. */
  children?: ReactNode;
}

/** The page's heading. Gets the focus when the page is shown, so that it is read aloud and Tab goes on from here. */
export function PageHeader({ title, lead, children }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Not when the whole program has just been loaded, or while a dialog holds the focus.
    if (document.activeElement !== document.body) heading.current?.focus();
  }, []);
  return (
    <div className="page-header">
      <title>{title}</title>
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p>{lead}</p>}
      </div>
      {children && <div className="actions">{children}</div>}
    </div>
  );
}
