// What a viewer may do now. Of a program that acts for somebody (RFC 8693) it is what both may, so that what is taken from
// either of them is taken from it.
import { permissionsOfBoth } from '@supergraph/chassis/scoped-permissions';
import type { Viewer } from '@supergraph/chassis/viewer';
import type { Subject } from './access.ts';
import type { Standing } from './changes.ts';
import { createStandings, type StandingsOptions } from './standings.ts';

type Bearer = Pick<Viewer, 'subject' | 'actorId' | 'tenantId'>;

export interface ViewerStandings {
  /** What was read after the change that made `version`; undefined when it has to be read. */
  known(viewer: Bearer, version: number): Standing | undefined;
  /** Reads it. @throws where it cannot be read */
  read(viewer: Bearer, version: number): Promise<void>;
}

export function createViewerStandings(options: StandingsOptions): ViewerStandings {
  const standings = createStandings(options);
  return {
    known(viewer, version) {
      const found = subjectsOf(viewer).map((subject) => standings.known(subject, version));
      const [own, actors] = found;
      if (own === undefined || found.length === 1) return own;
      return actors && ofBoth(own, actors);
    },
    async read(viewer, version) {
      await Promise.all(subjectsOf(viewer).map((subject) => standings.read(subject, version)));
    },
  };
}

function subjectsOf({ subject, actorId, tenantId }: Bearer): Subject[] {
  if (tenantId === null) return [];
  return [subject, ...(actorId === undefined ? [] : [actorId])].map((each) => ({ tenantId, subject: each }));
}

/** Without roles: one of the same name says nothing of what both may. */
function ofBoth(one: Standing, other: Standing): Standing {
  return { roles: [], permissions: permissionsOfBoth(one.permissions, other.permissions) };
}
