import { describe, expect, it } from '@jest/globals';
import { certificatesIn, groupRolesOf, scopesIn } from './rules.ts';

describe('what people type about a connection', () => {
  it('has certificates in PEM, with whatever around them, or in base64 alone', () => {
    const one = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
    const two = '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----';
    expect(certificatesIn(`subject=CN=idp\n${one}\n${two}\n`)).toEqual([one, two]);
    expect(certificatesIn(' MIIB\nMIIB \n\n\nMIIC\n')).toEqual(['MIIB\nMIIB', 'MIIC']);
    expect(certificatesIn(' \n')).toEqual([]);
  });

  it('has scopes with spaces or commas between', () => {
    expect(scopesIn(' openid, email profile ')).toEqual(['openid', 'email', 'profile']);
    expect(scopesIn('')).toEqual([]);
  });

  it('has groups with their roles, without rows that were left empty', () => {
    expect(groupRolesOf(['staff ', ' ', 'night'], ['rol_1', 'rol_2', 'rol_3'])).toEqual([
      { group: 'staff', roleId: 'rol_1' },
      { group: 'night', roleId: 'rol_3' },
    ]);
  });
});
