// Who is signed in, for every page to know what to offer. What it may not do is refused by the platform anyway.
import { createContext, use } from 'react';
import type { ViewerQuery } from './viewer.generated.ts';

export type Viewer = NonNullable<ViewerQuery['viewer']>;

export const ViewerContext = createContext<Viewer | null>(null);

/** The signed-in person. Only below `SignedIn`. */
export function useViewer(): Viewer {
  const viewer = use(ViewerContext);
  if (viewer === null) throw new Error('useViewer is for what stands below SignedIn');
  return viewer;
}

export function useMay(): (permission: string) => boolean {
  const { permissions } = useViewer();
  return (permission) => permissions.includes(permission);
}
