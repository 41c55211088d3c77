// What is said of SCIM, in both languages.
export const scimInEnglish = {
  title: 'Provisioning (SCIM)',
  lead: 'Your identity provider keeps your people and groups up to date by itself.',
  atProvider: 'To enter at your provider',
  baseUrl: 'Base URL',
  authentication: 'Authentication',
  authenticationLead: 'A bearer token, which is an API key of yours from below, in the header Authorization.',
  userName: 'userName',
  userNameLead: 'The person’s e-mail address.',
  provisioned: 'What is provisioned',
  kept: [
    {
      name: 'Users',
      value:
        'Members of your tenant. Somebody new is invited, and joins once they have shown that the address is theirs.',
    },
    { name: 'active: false', value: 'Suspended: they get in no more, and keep their roles for later.' },
    { name: 'Deleted users', value: 'Are members no more. Their account stays theirs.' },
    {
      name: 'Groups',
      value: 'Your groups, and who is in them. Which roles a group gives is decided here.',
    },
  ],
  tokens: 'Tokens',
  tokensLead:
    'A token puts people only into groups that give no more than the token itself may do, and ends with its creator’s membership.',
  create: 'New token',
  none: 'There is no token yet.',
};

export const scimInPortuguese: typeof scimInEnglish = {
  title: 'Provisionamento (SCIM)',
  lead: 'O seu provedor de identidade mantém as suas pessoas e grupos em dia por si só.',
  atProvider: 'Para informar ao seu provedor',
  baseUrl: 'URL base',
  authentication: 'Autenticação',
  authenticationLead: 'Um token bearer, que é uma das suas chaves de API abaixo, no cabeçalho Authorization.',
  userName: 'userName',
  userNameLead: 'O endereço de e-mail da pessoa.',
  provisioned: 'O que é provisionado',
  kept: [
    {
      name: 'Usuários',
      value:
        'Membros da sua organização. Quem é novo recebe um convite e entra depois de mostrar que o endereço é seu.',
    },
    { name: 'active: false', value: 'Suspenso: não entra mais e guarda os papéis para depois.' },
    { name: 'Usuários excluídos', value: 'Não são mais membros. A conta continua deles.' },
    {
      name: 'Grupos',
      value: 'Os seus grupos e quem está neles. Que papéis um grupo dá é decidido aqui.',
    },
  ],
  tokens: 'Tokens',
  tokensLead:
    'Um token só põe pessoas em grupos que não dão mais do que ele mesmo pode fazer, e termina quando quem o criou deixa de ser membro.',
  create: 'Novo token',
  none: 'Ainda não há token.',
};
