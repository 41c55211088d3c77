// What is said of registered applications, in both languages.
export const applicationsInEnglish = {
  title: 'Applications',
  lead: 'Other companies’ applications that registered here and that your people let act for them.',
  how: 'An application registers itself (RFC 7591), with an API key or access token that holds client:register. It signs in members of your tenant alone, and asks each of them first.',
  endpoint: 'Registration endpoint',
  caption: 'Registered applications',
  name: 'Calls itself',
  goesTo: 'Goes on to',
  by: 'Registered by',
  people: 'People',
  lastUsed: 'Last used',
  none: 'No application has registered yet.',
  remove: 'Remove',
  removed: (name: string) => `${name} is removed.`,
  removeTitle: (name: string) => `Remove ${name}?`,
  removeLead:
    'It acts for nobody any more, within a second, and nobody can sign in to it. People stay signed in to everything else. This can’t be taken back.',
};

export const applicationsInPortuguese: typeof applicationsInEnglish = {
  title: 'Aplicativos',
  lead: 'Aplicativos de outras empresas que se registraram aqui e que as suas pessoas deixam agir por elas.',
  how: 'Um aplicativo se registra por si só (RFC 7591), com uma chave de API ou um token de acesso que tenha client:register. Só membros da sua organização entram nele, e cada um é perguntado antes.',
  endpoint: 'Endpoint de registro',
  caption: 'Aplicativos registrados',
  name: 'Como se chama',
  goesTo: 'Segue para',
  by: 'Registrado por',
  people: 'Pessoas',
  lastUsed: 'Último uso',
  none: 'Nenhum aplicativo se registrou ainda.',
  remove: 'Remover',
  removed: (name) => `${name} foi removido.`,
  removeTitle: (name) => `Remover ${name}?`,
  removeLead:
    'Não age mais por ninguém em um segundo, e ninguém entra mais nele. As pessoas continuam conectadas a todo o resto. Isso não pode ser desfeito.',
};
