// What is said of canaries, in both languages.
export const canariesInEnglish = {
  title: 'Canaries',
  lead: 'What nobody has a reason to touch. Whoever does is found at once, as critical.',
  caption: 'Canaries of the tenant, oldest first',
  none: 'Nothing is laid out. A decoy account or key that is never used tells of who found it.',
  name: 'Name',
  kind: 'What',
  kinds: { PERSON: 'a decoy account', CLIENT: 'a decoy program or key', FIELD: 'a field' },
  value: 'Which',
  valueHints: {
    PERSON: 'The id of the person.',
    CLIENT:
      'The id of a service client or API key. Give it no permissions, so that each of its uses is denied.',
    FIELD: 'A field’s coordinate, for example Finding.title.',
  },
  by: 'By',
  since: 'Since',
  add: 'Add a canary',
  added: (name: string) => `${name} is watched over from now on.`,
  remove: 'Remove',
  removeLead: 'It is watched over no more. What was found stays.',
  removed: (name: string) => `${name} is removed.`,
};

export const canariesInPortuguese: typeof canariesInEnglish = {
  title: 'Canários',
  lead: 'O que ninguém tem motivo para tocar. Quem toca é encontrado na hora, como crítico.',
  caption: 'Canários da organização, os mais antigos primeiro',
  none: 'Nada foi posto. Uma conta ou chave de isca, nunca usada, denuncia quem a achou.',
  name: 'Nome',
  kind: 'O quê',
  kinds: { PERSON: 'uma conta de isca', CLIENT: 'um programa ou chave de isca', FIELD: 'um campo' },
  value: 'Qual',
  valueHints: {
    PERSON: 'O id da pessoa.',
    CLIENT:
      'O id de um cliente de serviço ou chave de API. Não lhe dê permissões, para que cada uso seja negado.',
    FIELD: 'A coordenada de um campo, por exemplo Finding.title.',
  },
  by: 'Por',
  since: 'Desde',
  add: 'Adicionar canário',
  added: (name) => `${name} é vigiado de agora em diante.`,
  remove: 'Retirar',
  removeLead: 'Não é mais vigiado. O que foi encontrado permanece.',
  removed: (name) => `${name} foi retirado.`,
};
