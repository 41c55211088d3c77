// What is said of separations of duties, in both languages.
export const separationsInEnglish = {
  title: 'Separation of duties',
  lead: 'Roles and permissions that nobody may hold together, by whatever way they come.',
  caption: 'What the tenant keeps apart',
  name: 'Name',
  roles: 'Roles',
  permissions: 'Permissions',
  none: 'Nothing is kept apart. Say what nobody may do alone, such as paying and approving.',
  create: 'Keep duties apart',
  createLead: 'Tick 2 to 20 roles and permissions. Nobody can be given more than one of them from then on.',
  created: (name: string) => `${name}: kept apart from now on.`,
  remove: 'Delete',
  removed: (name: string) => `${name}: kept apart no more.`,
  removeTitle: (name: string) => `Delete ${name}?`,
  removeLead: 'People can be given what it keeps apart.',
};

export const separationsInPortuguese: typeof separationsInEnglish = {
  title: 'Separação de funções',
  lead: 'Papéis e permissões que ninguém pode ter juntos, venham por onde vierem.',
  caption: 'O que a organização mantém separado',
  name: 'Nome',
  roles: 'Papéis',
  permissions: 'Permissões',
  none: 'Nada é mantido separado. Diga o que ninguém pode fazer sozinho, como pagar e aprovar.',
  create: 'Separar funções',
  createLead: 'Marque de 2 a 20 papéis e permissões. A partir de então ninguém recebe mais de um deles.',
  created: (name) => `${name}: separado de agora em diante.`,
  remove: 'Excluir',
  removed: (name) => `${name}: não é mais mantido separado.`,
  removeTitle: (name) => `Excluir ${name}?`,
  removeLead: 'As pessoas poderão receber o que ela mantém separado.',
};
