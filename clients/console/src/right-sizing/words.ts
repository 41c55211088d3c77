// What is said of right-sizing, in both languages.
export const rightSizingInEnglish = {
  title: 'Right-sizing',
  lead: 'What workloads should ask for, by what they used in the last days: 90 % of it, and 15 %.',
  caption: 'Recommendations by workload and resource',
  none: 'No use is recorded yet. Record cpu_usage_cores and memory_working_set_bytes with a label workload by recordMetrics.',
  workload: 'Workload',
  resource: 'Resource',
  resources: { CPU: 'CPU, cores', MEMORY: 'memory, bytes' },
  requested: 'Asks for',
  target: 'Should ask for',
  bounds: 'Between',
  saving: 'Saves',
  risk: 'Above it',
  confidence: 'Confidence',
  queueGrows: 'its queue piles up',
};

export const rightSizingInPortuguese: typeof rightSizingInEnglish = {
  title: 'Dimensionamento',
  lead: 'O que as cargas deveriam pedir, pelo que usaram nos últimos dias: 90 % disso, e mais 15 %.',
  caption: 'Recomendações por carga e recurso',
  none: 'Nenhum uso foi registrado ainda. Registre cpu_usage_cores e memory_working_set_bytes com um rótulo workload por recordMetrics.',
  workload: 'Carga',
  resource: 'Recurso',
  resources: { CPU: 'CPU, núcleos', MEMORY: 'memória, bytes' },
  requested: 'Pede',
  target: 'Deveria pedir',
  bounds: 'Entre',
  saving: 'Economiza',
  risk: 'Acima disso',
  confidence: 'Confiança',
  queueGrows: 'a fila dela cresce',
};
