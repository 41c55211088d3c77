// What is said of the audit trail, in both languages.
export const auditInEnglish = {
  title: 'Audit trail',
  lead: 'Who did what to whom. Records are chained by their hashes: one that was changed is found by the verifier.',
  caption: 'Audit records, newest first',
  none: 'There is no such record. What changes people, roles, keys and settings is recorded within seconds.',
  look: 'Search',
  parts: { actorId: 'Who did it (id)', subjectId: 'To whom or what (id)', action: 'Action' },
  number: 'No.',
  at: 'When',
  details: 'Details',
};

export const auditInPortuguese: typeof auditInEnglish = {
  title: 'Trilha de auditoria',
  lead: 'Quem fez o quê a quem. Os registros se encadeiam por seus hashes: um que foi alterado é achado pelo verificador.',
  caption: 'Registros de auditoria, os mais novos primeiro',
  none: 'Não há tal registro. O que muda pessoas, funções, chaves e configurações é registrado em segundos.',
  look: 'Buscar',
  parts: { actorId: 'Quem o fez (id)', subjectId: 'A quem ou a quê (id)', action: 'Ação' },
  number: 'Nº',
  at: 'Quando',
  details: 'Detalhes',
};
