import { type ReactNode, useId } from 'react';

export interface SectionProps {
  title: string;
  /** What it is for, in a sentence. */
  lead?: string;
  /** What can be done in it. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of a page, under a heading of its own. */
export function Section({ title, lead, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <div className="page-header">
        <div>
          <h2 id={id}>{title}</h2>
          {lead && <p>{lead}</p>}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
