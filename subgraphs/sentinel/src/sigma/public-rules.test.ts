// Rules as they are published, run as they are. They are SigmaHQ's (github.com/SigmaHQ/sigma), under the Detection Rule
// License 1.1; each names its author. Descriptions and references are left out.
import { expect, it } from '@jest/globals';
import { compileSigma, evaluate } from './index.ts';

const proxy = `
title: Okta User Session Start Via An Anonymising Proxy Service
id: bde30855-5c53-4c18-ae90-1ff79ebc9578
status: test
author: kelnage
date: 2023-09-07
modified: 2026-04-27
tags:
    - attack.defense-impairment
    - attack.t1685
logsource:
    product: okta
    service: okta
detection:
    selection:
        eventType: 'user.session.start'
        securityContext.isProxy: 'true'
    condition: selection
level: high
`;

const credentials = `
title: Malicious Usage Of IMDS Credentials Outside Of AWS Infrastructure
id: 352a918a-34d8-4882-8470-44830c507aa3
status: test
author: jamesc-grafana
date: 2024-07-11
tags:
    - attack.privilege-escalation
    - attack.t1078
logsource:
    product: aws
    service: cloudtrail
detection:
    selection:
        userIdentity.arn|re: '.+:assumed-role/aws:.+'
    filter_main_generic:
        - eventSource: 'ssm.amazonaws.com'
        - eventName: 'RegisterManagedInstance'
        - sourceIPAddress: 'AWS Internal'
    condition: selection and not 1 of filter_main_*
level: high
`;

const services = `
title: CobaltStrike Service Installations - System
id: 5a105d34-05fc-401e-8553-272b45c1522d
status: test
author: Florian Roth (Nextron Systems), Wojciech Lesicki
date: 2021-05-26
modified: 2022-11-27
tags:
    - attack.persistence
    - attack.t1543.003
logsource:
    product: windows
    service: system
detection:
    selection_id:
        Provider_Name: 'Service Control Manager'
        EventID: 7045
    selection1:
        ImagePath|contains|all:
            - 'ADMIN$'
            - '.exe'
    selection2:
        ImagePath|contains|all:
            - '%COMSPEC%'
            - 'start'
            - 'powershell'
    selection3:
        ImagePath|contains: 'powershell -nop -w hidden -encodedcommand'
    selection4:
        ImagePath|base64offset|contains: "IEX (New-Object Net.Webclient).DownloadString('http://127.0.0.1:"
    condition: selection_id and (selection1 or selection2 or selection3 or selection4)
level: critical
`;

const installed = { Provider_Name: 'Service Control Manager', EventID: 7045 };
const download = Buffer.from("x IEX (New-Object Net.Webclient).DownloadString('http://127.0.0.1:8080/')");

it.each([
  [proxy, { eventType: 'user.session.start', securityContext: { isProxy: true } }, true],
  [proxy, { eventType: 'user.session.start', securityContext: { isProxy: false } }, false],
  [credentials, { userIdentity: { arn: 'arn:aws:sts::1:assumed-role/aws:ec2-instance/i-1' } }, true],
  [
    credentials,
    {
      userIdentity: { arn: 'arn:aws:sts::1:assumed-role/aws:ec2-instance/i-1' },
      sourceIPAddress: 'AWS Internal',
    },
    false,
  ],
  [credentials, { userIdentity: { arn: 'arn:aws:sts::1:assumed-role/admin/eve' } }, false],
  [services, { ...installed, ImagePath: '\\\\host\\admin$\\a.exe' }, true],
  [services, { ...installed, ImagePath: 'C:\\fine.exe' }, false],
  [services, { ...installed, ImagePath: `powershell -enc ${download.toString('base64')}` }, true],
  [services, { ImagePath: '\\\\host\\admin$\\a.exe' }, false],
])('%.60j', (yaml, fields, expected) => {
  const rules = compileSigma(yaml);
  expect(rules).toMatchObject([{ kind: 'detection', author: expect.any(String), level: expect.any(String) }]);
  expect(evaluate(rules, [{ id: 'e', at: 0, fields }])).toHaveLength(expected ? 1 : 0);
});

it('is for the logs that it names', () => {
  const event = { eventType: 'user.session.start', 'securityContext.isProxy': true };
  const rules = compileSigma(proxy);
  const of = (product: string) => [
    { id: 'e', at: 0, fields: event, logsource: { product, service: 'okta' } },
  ];
  expect(evaluate(rules, of('okta'))).toHaveLength(1);
  expect(evaluate(rules, of('azure'))).toEqual([]);
});
