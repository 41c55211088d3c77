// What is said of a tenant's environments, in both languages.
export const environmentsInEnglish = {
  title: 'Environments',
  lead: 'Tenants of their own beside production, with the same owners and no data of it. To go to one, sign out, sign in and choose it.',
  caption: 'Environments of the tenant',
  name: 'Name',
  slug: 'Short name',
  kind: 'What it is for',
  kinds: { PRODUCTION: 'production', STAGING: 'staging', SANDBOX: 'sandbox' },
  status: 'State',
  none: 'There is production alone.',
  create: 'New environment',
  nameHint:
    '1 to 20 of a-z, 0-9 and inner hyphens. It is called by the tenant’s short name, a hyphen and this.',
  created: (name: string) => `The environment ${name} is being prepared.`,
};

export const environmentsInPortuguese: typeof environmentsInEnglish = {
  title: 'Ambientes',
  lead: 'Organizações próprias ao lado da produção, com os mesmos proprietários e nenhum dado dela. Para ir a um deles, saia, entre e escolha-o.',
  caption: 'Ambientes da organização',
  name: 'Nome',
  slug: 'Nome curto',
  kind: 'Para que serve',
  kinds: { PRODUCTION: 'produção', STAGING: 'homologação', SANDBOX: 'testes livres' },
  status: 'Estado',
  none: 'Há só a produção.',
  create: 'Novo ambiente',
  nameHint:
    'De 1 a 20 entre a-z, 0-9 e hifens internos. Chama-se pelo nome curto da organização, hífen e isto.',
  created: (name) => `O ambiente ${name} está em preparação.`,
};
