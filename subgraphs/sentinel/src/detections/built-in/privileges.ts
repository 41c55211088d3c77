// What it looks like when somebody takes more power than they were given.
import type { BuiltInRule } from './rule.ts';
import { one } from './samples.ts';

const given = (by: string, to: string, seconds = 0) =>
  one('PRIVILEGE_GRANTED', { actorId: by, targetId: to, clientId: null, reason: '+owner' }, seconds);

export const privilegeRules: readonly BuiltInRule[] = [
  {
    id: 'own-privileges',
    version: 1,
    sigma: `title: Somebody gave roles to themselves
description: A person added roles to their own.
level: high
tags: [attack.privilege-escalation, attack.t1098]
logsource: { product: supergraph, service: account-management }
detection:
  selection:
    metadata.event_code: PRIVILEGE_GRANTED
    actor.user.uid|fieldref: user.uid
  condition: selection
`,
    examples: [
      { name: 'to themselves', events: given('per_mallory', 'per_mallory'), isFound: true },
      { name: 'to somebody else', events: given('per_olivia', 'per_mallory'), isFound: false },
    ],
  },
  {
    id: 'fresh-privileges',
    version: 1,
    sigma: `title: Somebody gives roles who just got theirs
description: A person was given roles and gave roles to somebody within an hour.
level: medium
tags: [attack.privilege-escalation, attack.persistence, attack.t1098]
correlation:
  type: temporal_ordered
  rules: [got_roles, gives_roles]
  group-by: [person]
  timespan: 1h
  aliases:
    person: { got_roles: user.uid, gives_roles: actor.user.uid }
---
name: got_roles
title: Somebody is given roles
logsource: { product: supergraph, service: account-management }
detection:
  selection:
    metadata.event_code: PRIVILEGE_GRANTED
    actor.user.uid|fieldref|neq: user.uid
  condition: selection
---
name: gives_roles
title: Somebody gives roles
logsource: { product: supergraph, service: account-management }
detection:
  selection:
    metadata.event_code: PRIVILEGE_GRANTED
    actor.user.uid|fieldref|neq: user.uid
  condition: selection
`,
    examples: [
      {
        name: 'ten minutes after',
        events: [...given('per_olivia', 'per_mallory'), ...given('per_mallory', 'per_eve', 600)],
        isFound: true,
      },
      {
        name: 'a day after',
        events: [...given('per_olivia', 'per_mallory'), ...given('per_mallory', 'per_eve', 86_400)],
        isFound: false,
      },
      {
        name: 'an owner gives roles to two',
        events: [...given('per_olivia', 'per_mallory'), ...given('per_olivia', 'per_eve', 60)],
        isFound: false,
      },
    ],
  },
];
