// `GET /access-rules?after=ID`: who and what is blocked or never is, in all tenants, page by page in the order of ids. On the
// internal network, for gateways, which hear of changes by events.
import { refusal } from '@supergraph/chassis/body';
import { forbidden } from '@supergraph/chassis/errors';
import type { Route } from '@supergraph/chassis/http';
import { createPassportVerifier, passportHeader } from '@supergraph/chassis/passport';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { Sentinel } from '../context.ts';
import type { AccessRuleRow } from './access-rule-model.ts';

const path = '/access-rules';
/** No role can hold it: it is in no list of permissions. */
const permission = 'access-rule:read';
const pageSize = 2_000;

export async function createAccessRuleRoute(service: Sentinel): Promise<Route> {
  const verifyPassport = await createPassportVerifier({
    publicKey: service.config.PASSPORT_PUBLIC_KEY,
    audience: 'sentinel',
  });
  return {
    path,
    async handle(request, response) {
      if (request.method !== 'GET') throw refusal(405, 'Use GET.');
      const { permissions } = await verifyPassport(request.headers[passportHeader]);
      if (!permissions.has(permission)) throw forbidden('This is for gateways alone.');
      const after = new URL(request.url ?? '', 'http://sentinel').searchParams.get('after') ?? '';
      const rows = await acrossTenants('gateways ask who is blocked', () =>
        service.models.AccessRule.find({ _id: { $gt: after } })
          .sort({ _id: 1 })
          .limit(pageSize)
          .lean<AccessRuleRow[]>(),
      );
      const rules = rows.map(({ _id: ruleId, tenantId, effect, kind, value, until }) => ({
        ...{ ruleId, tenantId, effect, kind, value },
        until: until?.toISOString() ?? null,
      }));
      const body = JSON.stringify({ rules, isLast: rows.length < pageSize });
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(body);
    },
  };
}
