export const accessMapInEnglish = {
  title: 'Access map',
  lead: 'Who reached what from where in the last day, as far as security events tell it. What was last comes first.',
  caption: 'Who reached what in the last day',
  none: 'No security event of the last day names anybody.',
  partial: 'There was more than is shown.',
  who: 'Who',
  what: 'What',
  count: 'How often',
  denied: 'Refused',
  from: 'From where',
  last: 'Last',
};

export const accessMapInPortuguese: typeof accessMapInEnglish = {
  title: 'Mapa de acessos',
  lead: 'Quem alcançou o quê e de onde no último dia, até onde os eventos de segurança contam. O último vem primeiro.',
  caption: 'Quem alcançou o quê no último dia',
  none: 'Nenhum evento de segurança do último dia nomeia alguém.',
  partial: 'Houve mais do que se mostra.',
  who: 'Quem',
  what: 'O quê',
  count: 'Quantas vezes',
  denied: 'Recusado',
  from: 'De onde',
  last: 'Por último',
};
