import { type Question, useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { SsoConnectionsDocument, type SsoConnectionsQuery } from './single-sign-on.generated.ts';

export type Connection = NonNullable<SsoConnectionsQuery['ssoConnections']>[number];

/** The tenant's connections, without their roles and domains where the person may not see these. */
export function useConnections(): Question<SsoConnectionsQuery> {
  const may = useMay();
  return useQuestion(SsoConnectionsDocument, {
    variables: { seesRoles: may('role:read'), seesDomains: may('domain:read') },
    of: ['SsoConnection', 'Domain', 'Role'],
  });
}
