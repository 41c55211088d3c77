// What stolen tokens and curious members look like.
import type { BuiltInRule } from './rule.ts';
import { one, several } from './samples.ts';

const single = (title: string, rest: string) => `title: ${title}
logsource: { product: supergraph }
${rest}`;

export const accessRules: readonly BuiltInRule[] = [
  {
    id: 'refresh-token-reused',
    version: 1,
    sigma: single(
      'A refresh token was used twice',
      `description: Two parties hold it. All that the sign-in gave has ended.
level: high
tags: [attack.credential-access, attack.t1528, attack.t1550.001]
detection:
  selection: { metadata.event_code: REFRESH_TOKEN_REUSED }
  condition: selection
`,
    ),
    examples: [
      { name: 'it comes again', events: one('REFRESH_TOKEN_REUSED'), isFound: true },
      { name: 'somebody signs in', events: one('SIGN_IN_SUCCEEDED'), isFound: false },
    ],
  },
  {
    id: 'code-reused',
    version: 1,
    sigma: single(
      'A code of a sign-in was used twice',
      `description: Two parties hold it. All that the sign-in gave has ended.
level: high
tags: [attack.credential-access, attack.t1550]
detection:
  selection: { metadata.event_code: CODE_REUSED }
  condition: selection
`,
    ),
    examples: [
      { name: 'it comes again', events: one('CODE_REUSED'), isFound: true },
      { name: 'somebody signs in', events: one('SIGN_IN_SUCCEEDED'), isFound: false },
    ],
  },
  {
    id: 'outside-of-networks',
    version: 1,
    sigma: `title: Good credentials from outside of the tenant's networks
description: Somebody's credentials are good and were refused for where they came from, three times within an hour.
level: medium
tags: [attack.initial-access, attack.t1078]
correlation:
  type: event_count
  rules: [address_denied]
  group-by: [actor.user.uid]
  timespan: 1h
  condition: { gte: 3 }
---
title: Refused for the address
name: address_denied
logsource: { product: supergraph, service: api }
detection:
  selection: { metadata.event_code: ADDRESS_DENIED }
  condition: selection
`,
    examples: [
      {
        name: 'three within a minute',
        events: several('ADDRESS_DENIED', { times: 3, everySeconds: 20 }),
        isFound: true,
      },
      { name: 'one', events: one('ADDRESS_DENIED'), isFound: false },
    ],
  },
  {
    id: 'permission-probing',
    version: 1,
    sigma: `title: Somebody asks for what they may not see, again and again
description: Twenty operations of one person were denied fields within ten minutes.
level: medium
tags: [attack.discovery, attack.t1069]
correlation:
  type: event_count
  rules: [field_denied]
  group-by: [actor.user.uid]
  timespan: 10m
  condition: { gte: 20 }
---
title: Denied a field
name: field_denied
logsource: { product: supergraph, service: api }
detection:
  selection: { metadata.event_code: FIELD_DENIED }
  condition: selection
`,
    examples: [
      {
        name: 'twenty within three minutes',
        events: several('FIELD_DENIED', { times: 20, everySeconds: 9 }),
        isFound: true,
      },
      {
        name: 'one page that asks for too much, now and then',
        events: several('FIELD_DENIED', { times: 20, everySeconds: 900 }),
        isFound: false,
      },
    ],
  },
];
