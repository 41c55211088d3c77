// Asks arthemiz about grants, by the internal network, with a passport of the gateway's own.
import type { Outgoing } from '@supergraph/chassis/outgoing';
import { type PassportMint, passportHeader } from '@supergraph/chassis/passport';
import type { Viewer } from '@supergraph/chassis/viewer';
import { type RecentChanges, recentChanges, type Standing, standingsAnswer } from './changes.ts';

export interface Subject {
  tenantId: string;
  subject: string;
}

export interface GrantsClient {
  /** @throws where it does not answer in time */
  changesSince(since: Date): Promise<RecentChanges>;
  /** What the subjects may do now, in their order. @throws where it does not answer in time */
  standingsOf(subjects: readonly Subject[]): Promise<Standing[]>;
}

export interface GrantsClientOptions {
  /** Where grants are told: ends in /internal/grants. */
  url: string;
  mintPassport: PassportMint;
  outgoing: Outgoing;
}

/** The passport's audience, and what no role can hold: it is in no list of permissions. */
const audience = 'arthemiz';
const gateway: Viewer = {
  subject: 'gateway',
  tenantId: null,
  clientId: 'gateway',
  roles: [],
  permissions: new Set(['grant:read']),
  scopes: new Set(),
  isAnonymous: false,
};

export function createGrantsClient({ url, mintPassport, outgoing }: GrantsClientOptions): GrantsClient {
  // A circuit that never opens: it is asked to know whether it is back, and whoever waits for it waits but briefly.
  const guard = {
    deadlineMs: 2_000,
    breakAfter: Number.POSITIVE_INFINITY,
    maximumResponseBytes: 4 * 1_048_576,
  };
  const http = outgoing.http('grants', guard);

  async function ask(path: string, body?: object): Promise<unknown> {
    const answer = await http.request({
      url: `${url}/${path}`,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        [passportHeader]: await mintPassport(gateway, audience),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      repetition: 'safe',
    });
    if (answer.status !== 200) throw new Error(`grants: HTTP status ${answer.status}`);
    return JSON.parse(answer.body);
  }

  return {
    changesSince: async (since) => recentChanges.parse(await ask(`changes?since=${since.toISOString()}`)),
    async standingsOf(subjects) {
      const { standings } = standingsAnswer.parse(await ask('standings', { subjects }));
      return subjects.map(({ tenantId, subject }) => {
        const found = standings.find((each) => each.tenantId === tenantId && each.subject === subject);
        return found ?? { roles: [], permissions: [] };
      });
    },
  };
}
