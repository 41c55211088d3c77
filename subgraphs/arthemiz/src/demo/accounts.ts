// Who is in a demo installation, and the file that tells its passwords to the person at the keyboard.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { newId } from '@supergraph/chassis/identifiers';
import { z } from 'zod';
import { newClientSecret } from '../clients/secrets.ts';
import { platformTenant } from '../tenants/rules.ts';

export const demoTenants = [
  { slug: 'acme', name: 'Acme Robotics' },
  { slug: 'globex', name: 'Globex Energy' },
] as const;

const tenantRoles = ['owner', 'operator', 'viewer'] as const;

const names: Record<string, string> = {
  'owner@acme.test': 'Olivia Ortega',
  'operator@acme.test': 'Otis Park',
  'viewer@acme.test': 'Vera Novak',
  'owner@globex.test': 'Omar Haddad',
  'operator@globex.test': 'Oda Lindqvist',
  'viewer@globex.test': 'Victor Mbeki',
  'operator@platform.test': 'Petra Operator',
};

export function displayNameOf(email: string): string {
  return names[email] ?? email;
}

const accountsFile = z.object({
  accounts: z.array(
    z.object({ email: z.string(), password: z.string().min(16), tenant: z.string(), role: z.string() }),
  ),
  clients: z.array(
    z.object({
      clientId: z.string(),
      clientSecret: z.string().min(16),
      tenant: z.string(),
      role: z.string(),
    }),
  ),
});

/** Accounts and service clients of a demo installation; `tenant` is a slug. */
export type DemoAccounts = z.infer<typeof accountsFile>;

/**
 * The accounts of the file; with new random passwords when there is no file yet. The file is complete on disk, for
 * its owner's eyes only, before this returns, so that no account ever exists whose password nobody knows.
 * @throws when the file is there and is none of ours
 */
export async function openAccounts(file: string): Promise<DemoAccounts> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text !== null) {
    const parsed = accountsFile.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new Error(
      `${file} (DEMO_ACCOUNTS_FILE) is no file of demo accounts. Delete it to have new passwords made.`,
    );
  }
  const accounts = newAccounts();
  await writePrivately(file, `${JSON.stringify(accounts, null, 2)}\n`);
  return accounts;
}

function newAccounts(): DemoAccounts {
  const password = () => randomBytes(18).toString('base64url');
  return {
    accounts: [
      ...demoTenants.flatMap(({ slug }) =>
        tenantRoles.map((role) => ({
          email: `${role}@${slug}.test`,
          password: password(),
          tenant: slug,
          role,
        })),
      ),
      {
        email: 'operator@platform.test',
        password: password(),
        tenant: platformTenant.slug,
        role: 'platform-operator',
      },
    ],
    clients: demoTenants.map(({ slug }) => ({
      clientId: newId('cli'),
      clientSecret: newClientSecret(),
      tenant: slug,
      role: 'viewer',
    })),
  };
}

async function writePrivately(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
