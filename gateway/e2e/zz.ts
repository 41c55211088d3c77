import { startE2ePlatform } from './platform.ts';
const p = await startE2ePlatform({ limits: { graphqlRate: '5000r/s', graphqlBurst: 2_000, authRate: '200r/s', authBurst: 200 } });
const r = await fetch(p.stack.origin + '/auth/.well-known/openid-configuration');
process.stdout.write(`${r.status} ${await r.text()}\n`);
import { readFileSync } from 'node:fs'; for (const n of ['arthemiz','nginx']) process.stdout.write(readFileSync(p.stack.dataDir + '/logs/' + n + '.log','utf8').slice(-1500)); process.stdout.write(String(p.stack.processes.arthemiz.pid)+' '+p.stack.processes.arthemiz.url+'\n');
await p.stop();
process.exit(0);
