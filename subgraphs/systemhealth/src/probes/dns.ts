// A name has records when a name server answers with some, and with those that were expected.
import type { CaaRecord, MxRecord, SoaRecord, SrvRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { AddressRefused } from '@supergraph/chassis/addresses';
import { ProbeFailure } from './failures.ts';
import type { Probe } from './probe.ts';
import { hostOf, type Target } from './reaching.ts';
import { resolverOf, type SettingsOf } from './settings.ts';

type RecordType = SettingsOf<'DNS'>['recordType'];

/**
 * Names of closed networks (RFC 6761, 6762, 8375, 9476), and those without a dot: this installation's own name server
 * may know them, and a tenant must not learn of them.
 */
const closed =
  /^[^.]*$|(^|\.)(local|localhost|internal|intranet|private|corp|home|lan|test|invalid|onion|alt|home\.arpa)$/;

export function isClosedName(name: string): boolean {
  return closed.test(name.replace(/\.$/, '').toLowerCase());
}

/** `target.url` is dns://name. The name server is this installation's own, or the one that the settings name. */
export function dnsProbe(target: Target, settings: SettingsOf<'DNS'>): Probe {
  const name = hostOf(target.url).replace(/\.$/, '').toLowerCase();
  const { recordType, values } = settings;
  const named = settings.resolver === null ? null : resolverOf(settings.resolver);
  return {
    async ask(signal) {
      if (named === null ? isClosedName(name) : !target.guard.allows(named.address))
        throw new AddressRefused();
      const resolver = new Resolver({ tries: 2 });
      if (named !== null) {
        const { address, port } = named;
        resolver.setServers([address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`]);
      }
      const cancel = () => resolver.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        const found = await lookUp(resolver, name, recordType);
        if (named === null && isAddress(recordType) && !found.every((each) => target.guard.allows(each)))
          throw new AddressRefused();
        const missing = values.find((each) => !found.includes(written(each, recordType)));
        const measurements = [{ metric: 'dns_answer_records', value: found.length }];
        if (missing !== undefined) throw new ProbeFailure(`no record “${missing}”`, measurements);
        return { message: null, measurements };
      } finally {
        signal.removeEventListener('abort', cancel);
        resolver.cancel();
      }
    },
    close: async () => undefined,
  };
}

function isAddress(recordType: RecordType): boolean {
  return recordType === 'A' || recordType === 'AAAA';
}

/** A record's value as it is compared: names without their last dot and in small letters. */
function written(value: string, recordType: RecordType): string {
  return recordType === 'TXT' ? value : value.toLowerCase().replace(/\.(?=\s|$)/g, '');
}

/** What was answered, each record in the form of a zone file. */
async function lookUp(resolver: Resolver, name: string, recordType: RecordType): Promise<string[]> {
  const records = await resolver.resolve(name, recordType);
  const all: readonly unknown[] = Array.isArray(records) ? records : [records];
  return all.map((each) => written(zoneForm(each, recordType), recordType));
}

function zoneForm(record: unknown, recordType: RecordType): string {
  // Node's types of what `resolve` gives for each type of record.
  switch (recordType) {
    case 'MX': {
      const { priority, exchange } = record as MxRecord;
      return `${priority} ${exchange}`;
    }
    case 'TXT':
      return (record as string[]).join('');
    case 'SRV': {
      const { priority, weight, port, name } = record as SrvRecord;
      return `${priority} ${weight} ${port} ${name}`;
    }
    case 'SOA': {
      const { nsname, hostmaster } = record as SoaRecord;
      return `${nsname} ${hostmaster}`;
    }
    case 'CAA': {
      const { critical, ...property } = record as CaaRecord;
      const [tag = '', value = ''] = Object.entries(property).find(([key]) => key !== 'type') ?? [];
      return `${critical} ${tag} ${value}`;
    }
    default:
      return String(record);
  }
}
