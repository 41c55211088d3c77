// Guessing at passwords, in the ways in which it is done.
import type { BuiltInRule } from './rule.ts';
import { one, several } from './samples.ts';

const failed = `
title: A sign-in failed
name: sign_in_failed
logsource: { product: supergraph, service: authentication }
detection:
  selection: { class_uid: 3002, activity_id: 1, status_id: 2 }
  condition: selection`;

const succeeded = `
title: A sign-in succeeded
name: sign_in_succeeded
logsource: { product: supergraph, service: authentication }
detection:
  selection: { class_uid: 3002, activity_id: 1, status_id: 1 }
  condition: selection`;

const manyFailed = `
title: Ten sign-ins of somebody failed within ten minutes
name: many_sign_ins_failed
correlation:
  type: event_count
  rules: [sign_in_failed]
  group-by: [user.uid]
  timespan: 10m
  condition: { gte: 10 }`;

const wrong = { reason: 'wrong-password' };
const of = (index: number) => ({ ...wrong, actorId: `per_${index}`, email: `${index}***@acme.test` });
const unknown = (index: number) => ({
  ...{ reason: 'unknown-email', actorId: null, email: `${index}***@mail.test` },
  ipAddress: '198.51.100.9',
});

export const signInRules: readonly BuiltInRule[] = [
  {
    id: 'brute-force',
    version: 1,
    sigma: `title: Brute force at one account
description: Ten sign-ins of one person failed within ten minutes, from wherever.
level: medium
tags: [attack.credential-access, attack.t1110.001]
correlation:
  type: event_count
  rules: [sign_in_failed]
  group-by: [user.uid]
  timespan: 10m
  condition: { gte: 10 }
---${failed}
`,
    examples: [
      {
        name: 'ten failures in five minutes',
        events: several('SIGN_IN_FAILED', { times: 10, everySeconds: 30, each: () => wrong }),
        isFound: true,
      },
      {
        name: 'ten failures in a day',
        events: several('SIGN_IN_FAILED', { times: 10, everySeconds: 8_640, each: () => wrong }),
        isFound: false,
      },
      {
        name: 'ten successes in five minutes',
        events: several('SIGN_IN_SUCCEEDED', { times: 10, everySeconds: 30 }),
        isFound: false,
      },
    ],
  },
  {
    id: 'brute-force-succeeded',
    version: 1,
    sigma: `title: Brute force that succeeded
description: Ten sign-ins of one person failed, then one succeeded, within twenty minutes.
level: high
tags: [attack.credential-access, attack.initial-access, attack.t1110, attack.t1078]
correlation:
  type: temporal_ordered
  rules: [many_sign_ins_failed, sign_in_succeeded]
  group-by: [user.uid]
  timespan: 20m
---${manyFailed}
---${failed}
---${succeeded}
`,
    examples: [
      {
        name: 'ten failures, then a success',
        events: [
          ...several('SIGN_IN_FAILED', { times: 10, everySeconds: 30, each: () => wrong }),
          ...one('SIGN_IN_SUCCEEDED', {}, 330),
        ],
        isFound: true,
      },
      {
        name: 'two failures, then a success',
        events: [
          ...several('SIGN_IN_FAILED', { times: 2, everySeconds: 30, each: () => wrong }),
          ...one('SIGN_IN_SUCCEEDED', {}, 90),
        ],
        isFound: false,
      },
    ],
  },
  {
    id: 'password-spraying',
    version: 1,
    sigma: `title: Password spraying from one address
description: Sign-ins of eight people or more failed from one address within an hour.
level: high
tags: [attack.credential-access, attack.t1110.003]
correlation:
  type: value_count
  rules: [sign_in_failed]
  group-by: [src_endpoint.ip]
  timespan: 1h
  condition: { field: user.uid, gte: 8 }
---${failed}
`,
    examples: [
      {
        name: 'one guess at each of eight people',
        events: several('SIGN_IN_FAILED', { times: 8, everySeconds: 300, each: of }),
        isFound: true,
      },
      {
        name: 'eight guesses at one person',
        events: several('SIGN_IN_FAILED', { times: 8, everySeconds: 300, each: () => wrong }),
        isFound: false,
      },
    ],
  },
  {
    id: 'credential-stuffing',
    version: 1,
    sigma: `title: Credential stuffing from one address
description: Sign-ins to fifteen addresses or more that nobody here has, from one address within ten minutes. A list from elsewhere is tried.
level: high
tags: [attack.credential-access, attack.t1110.004]
correlation:
  type: value_count
  rules: [unknown_address]
  group-by: [src_endpoint.ip]
  timespan: 10m
  condition: { field: user.email_addr, gte: 15 }
---
title: A sign-in with an address that nobody has
name: unknown_address
logsource: { product: supergraph, service: authentication }
detection:
  selection: { class_uid: 3002, activity_id: 1, status_id: 2, status_detail: unknown-email }
  condition: selection
`,
    examples: [
      {
        name: 'fifteen unknown addresses in two minutes',
        events: several('SIGN_IN_FAILED', { times: 15, everySeconds: 8, each: unknown }),
        isFound: true,
      },
      {
        name: 'somebody mistypes theirs',
        events: several('SIGN_IN_FAILED', { times: 15, everySeconds: 8, each: () => unknown(0) }),
        isFound: false,
      },
    ],
  },
];
