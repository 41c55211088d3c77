import { describe, expect, it } from '@jest/globals';
import { type Addresses, apps, environments } from './environment.ts';
import { temporaryInstallation } from './testing/temporary-installation.ts';

const addresses: Addresses = {
  origin: 'http://localhost:8080',
  tlsOrigin: 'https://localhost:8443',
  mongodb: 'mongodb://127.0.0.1:1',
  redis: 'redis://127.0.0.1:2',
  rabbitmq: 'amqp://127.0.0.1:3',
  nginxHealth: 'http://127.0.0.1:4/nginx-health',
  appPorts: { arthemiz: 5, systemhealth: 6, sentinel: 7, gateway: 8 },
  grpcPort: 9,
};

describe('the environment of the platform’s processes', () => {
  it('gives each what is its own: only the gateway can sign passports, each opens its own secrets', async () => {
    const all = environments(await temporaryInstallation(), addresses);
    const having = (name: string) => apps.filter((app) => name in all[app]);
    expect(having('PASSPORT_PUBLIC_KEY')).toEqual(apps);
    expect(having('PASSPORT_PRIVATE_KEY')).toEqual(['gateway']);
    expect(having('KEY_ENCRYPTION_KEY')).toEqual(['arthemiz', 'systemhealth']);
    expect(all.systemhealth.KEY_ENCRYPTION_KEY).not.toBe(all.arthemiz.KEY_ENCRYPTION_KEY);
    expect(having('CHECKPOINT_SIGNING_KEY')).toEqual(['sentinel']);
    expect(having('COOKIE_KEYS')).toEqual(['arthemiz']);
    expect(apps.map((app) => all[app].PORT)).toEqual(['5', '6', '7', '8']);
    expect(all.gateway.SUBGRAPH_URLS).toContain('http://127.0.0.1:7/graphql');
  });

  it('has what people set for every process, and nothing else of the starter’s', async () => {
    const installation = await temporaryInstallation({
      env: {
        PATH: '/bin',
        LOG_LEVEL: 'debug',
        OTEL_SERVICE_NAME: 'x',
        AWS_SECRET_ACCESS_KEY: 'secret',
        NAMESPACE: 'own',
      },
    });
    const { sentinel } = environments(installation, addresses);
    expect(sentinel).toMatchObject({
      PATH: '/bin',
      LOG_LEVEL: 'debug',
      OTEL_SERVICE_NAME: 'x',
      NAMESPACE: 'own',
    });
    expect(JSON.stringify(sentinel)).not.toContain('secret');
  });

  it('has arthemiz and SystemHealth send mails by the catcher, unless a mail server is named', async () => {
    const catching = { ...addresses, mail: 'smtp://127.0.0.1:9' };
    const caught = environments(await temporaryInstallation(), catching);
    expect(apps.filter((app) => 'SMTP_URL' in caught[app])).toEqual(['arthemiz', 'systemhealth']);
    expect(caught.arthemiz.SMTP_URL).toBe('smtp://127.0.0.1:9');
    const env = { SMTP_URL: 'smtps://mail.acme.test', MAIL_FROM: 'no-reply@acme.test' };
    const sent = environments(await temporaryInstallation({ env }), catching);
    expect(sent.arthemiz).toMatchObject(env);
    expect(environments(await temporaryInstallation(), addresses).arthemiz).not.toHaveProperty('SMTP_URL');
  });

  it('tells arthemiz where to look for tenants’ domains and providers, and SystemHealth what it may reach', async () => {
    const env = { DNS_SERVERS: '["127.0.0.1:53"]', TENANT_TARGET_NETWORKS: '["127.0.0.0/8"]' };
    const all = environments(await temporaryInstallation({ env }), addresses);
    expect(all.arthemiz).toMatchObject(env);
    expect(apps.filter((app) => 'DNS_SERVERS' in all[app])).toEqual(['arthemiz']);
    expect(apps.filter((app) => 'TENANT_TARGET_NETWORKS' in all[app])).toEqual(['arthemiz', 'systemhealth']);
  });

  it('has SystemHealth watch every part of the platform', async () => {
    const { systemhealth } = environments(await temporaryInstallation(), addresses);
    const targets = JSON.parse(systemhealth.PLATFORM_TARGETS ?? '') as { slug: string }[];
    expect(targets.map(({ slug }) => slug)).toEqual([
      ...['mongodb', 'redis', 'rabbitmq', 'nginx', 'gateway'],
      ...['arthemiz', 'systemhealth', 'sentinel'],
    ]);
  });
});
