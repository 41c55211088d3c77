// What a check of each kind can be told beside its target, as the form asks for it.
import type { healthInEnglish } from './words.ts';

export type SettingName = keyof typeof healthInEnglish.form.settings;

export interface SettingField {
  readonly name: SettingName;
  /** `lines`: one value a line; `headers`: "Name: value" a line. */
  readonly as: 'text' | 'area' | 'lines' | 'headers' | 'assertions' | 'whole' | 'number' | 'choice';
  readonly isRequired?: boolean;
  readonly choices?: readonly string[];
  /** What the form begins with where the check is new. */
  readonly preset?: string | number;
}

export interface KindFields {
  /** The settings' name in the input; null: there are none. */
  readonly key: string | null;
  /** What a target looks like; null: it has none. */
  readonly target: string | null;
  readonly fields: readonly SettingField[];
}

const headers: SettingField = { name: 'headers', as: 'headers' };
const assertions: SettingField = { name: 'assertions', as: 'assertions' };
const certificateDays: SettingField = { name: 'certificateDays', as: 'whole' };
const whole = (name: SettingName): SettingField => ({ name, as: 'whole' });
const number = (name: SettingName): SettingField => ({ name, as: 'number' });
const text = (name: SettingName): SettingField => ({ name, as: 'text' });

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const recordTypes = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT', 'CAA'];

export const kinds = {
  HTTP: {
    ...{ key: 'http', target: 'https://example.com/' },
    fields: [
      { name: 'method', as: 'choice', choices: methods },
      { name: 'statuses', as: 'lines' },
      assertions,
      { name: 'redirects', as: 'whole', preset: 0 },
      certificateDays,
      headers,
      { name: 'body', as: 'area' },
    ],
  },
  TCP: { key: null, target: 'tcp://example.com:443', fields: [] },
  DNS: {
    ...{ key: 'dns', target: 'dns://example.com' },
    fields: [
      { name: 'recordType', as: 'choice', choices: recordTypes },
      { name: 'values', as: 'lines' },
      text('resolver'),
    ],
  },
  TLS: {
    ...{ key: 'tls', target: 'tls://example.com:443' },
    fields: [{ ...certificateDays, preset: 14 }, text('serverName')],
  },
  GRPC: { key: 'grpc', target: 'grpcs://example.com:443', fields: [text('service')] },
  GRAPHQL: {
    ...{ key: 'graphql', target: 'https://example.com/graphql' },
    fields: [
      { name: 'document', as: 'area', isRequired: true },
      { name: 'variables', as: 'area' },
      assertions,
      certificateDays,
      headers,
    ],
  },
  WEBSOCKET: {
    ...{ key: 'webSocket', target: 'wss://example.com/' },
    fields: [text('subprotocol'), { name: 'send', as: 'area' }, assertions, headers],
  },
  MONGODB: {
    ...{ key: 'mongodb', target: 'mongodb://user:password@example.com:27017/' },
    fields: [number('maximumLagSeconds'), number('maximumConnectionsRatio')],
  },
  REDIS: {
    ...{ key: 'redis', target: 'rediss://user:password@example.com:6379' },
    fields: [number('minimumHitRatio'), number('maximumMemoryRatio'), whole('maximumEvictedKeys')],
  },
  RABBITMQ: {
    ...{ key: 'rabbitmq', target: 'https://user:password@example.com:15671/' },
    fields: [
      { name: 'virtualHost', as: 'text', preset: '/' },
      text('queue'),
      whole('maximumReady'),
      whole('maximumUnacknowledged'),
      whole('minimumConsumers'),
      text('deadLetterQueue'),
      whole('maximumDeadLettered'),
    ],
  },
  PROMETHEUS: {
    ...{ key: 'prometheus', target: 'https://prometheus.example.com/' },
    fields: [
      { name: 'query', as: 'area', isRequired: true },
      { name: 'comparison', as: 'choice', choices: ['LESS_THAN', 'GREATER_THAN', 'EQUALS', 'NOT_EQUALS'] },
      { name: 'value', as: 'number', isRequired: true },
      headers,
    ],
  },
  HEARTBEAT: {
    ...{ key: 'heartbeat', target: null },
    fields: [
      { name: 'periodSeconds', as: 'whole', isRequired: true, preset: 3_600 },
      { name: 'graceSeconds', as: 'whole', isRequired: true, preset: 300 },
    ],
  },
} as const satisfies Readonly<Record<string, KindFields>>;

export type FormKind = keyof typeof kinds;

export function fieldsOf(kind: FormKind): KindFields {
  return kinds[kind];
}

export function isFormKind(kind: string): kind is FormKind {
  return Object.hasOwn(kinds, kind);
}
