export const riskInEnglish = {
  title: 'Risk',
  lead: 'Of whom the most and the worst was found lately. A finding counts half after each week; false positives count nothing.',
  caption: 'The riskiest people, programs and networks',
  none: 'Nothing was found of anybody lately.',
  who: 'Who or what',
  score: 'Score',
  worst: 'Worst',
  findings: 'Findings',
};

export const riskInPortuguese: typeof riskInEnglish = {
  title: 'Risco',
  lead: 'De quem se achou mais e pior ultimamente. Um achado vale metade após cada semana; falsos positivos não valem nada.',
  caption: 'As pessoas, programas e redes de maior risco',
  none: 'Nada foi encontrado de ninguém ultimamente.',
  who: 'Quem ou o quê',
  score: 'Pontuação',
  worst: 'Pior',
  findings: 'Achados',
};
