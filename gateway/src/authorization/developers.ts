import type { Viewer } from '@supergraph/chassis/viewer';

/** Whether a viewer may learn the public schema and how it is served: introspection, suggestions, facts, plans. */
export function mayLearnSchema(viewer: Viewer): boolean {
  return !viewer.isAnonymous;
}
