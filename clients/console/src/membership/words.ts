// What is said of belonging to a tenant, in both languages.
export const membershipInEnglish = {
  isSuspended: 'suspended',
  suspended: (since: string) => `Suspended since ${since}: they may do nothing in the tenant.`,
  self: 'This is you. To leave the tenant, go to your account.',
  suspend: 'Suspend',
  suspendTitle: (name: string) => `Suspend ${name}?`,
  suspendLead:
    'Within a second they may do nothing here, and get in no more. Their roles and groups are kept for when they come back.',
  suspendDone: (name: string) => `${name} is suspended.`,
  resume: 'Let back in',
  resumeTitle: (name: string) => `Let ${name} back in?`,
  resumeLead: 'They may do again what their roles and groups allow.',
  resumeDone: (name: string) => `${name} may act here again.`,
  remove: 'Remove from the tenant',
  removeTitle: (name: string) => `Remove ${name} from the tenant?`,
  removeLead:
    'Their roles, groups, sessions and API keys here end within a second. Their account stays, and they may be invited again.',
  removeDone: (name: string) => `${name} belongs to the tenant no more.`,
  leave: 'Leave the tenant',
  leaveLead: 'You lose your roles, groups and API keys here. To come back you have to be invited again.',
  leaveTitle: (tenant: string) => `Leave ${tenant}?`,
  confirmSlug: (slug: string | null) =>
    slug === null ? 'The tenant’s short name' : `The tenant’s short name: ${slug}`,
  confirmHint: 'Type it, so that nobody does this by mistake.',
};

export const membershipInPortuguese: typeof membershipInEnglish = {
  isSuspended: 'suspensa',
  suspended: (since) => `Suspensa desde ${since}: não pode fazer nada na organização.`,
  self: 'É você. Para sair da organização, vá à sua conta.',
  suspend: 'Suspender',
  suspendTitle: (name) => `Suspender ${name}?`,
  suspendLead:
    'Em um segundo a pessoa não pode fazer nada aqui nem entrar. Os papéis e grupos ficam guardados para quando voltar.',
  suspendDone: (name) => `${name} está com o acesso suspenso.`,
  resume: 'Reativar',
  resumeTitle: (name) => `Reativar ${name}?`,
  resumeLead: 'A pessoa volta a poder o que seus papéis e grupos permitem.',
  resumeDone: (name) => `${name} pode atuar aqui de novo.`,
  remove: 'Remover da organização',
  removeTitle: (name) => `Remover ${name} da organização?`,
  removeLead:
    'Os papéis, grupos, sessões e chaves de API da pessoa aqui terminam em um segundo. A conta fica, e ela pode receber um novo convite.',
  removeDone: (name) => `${name} não pertence mais à organização.`,
  leave: 'Sair da organização',
  leaveLead: 'Você perde seus papéis, grupos e chaves de API aqui. Para voltar, precisa de um novo convite.',
  leaveTitle: (tenant) => `Sair de ${tenant}?`,
  confirmSlug: (slug) =>
    slug === null ? 'O nome curto da organização' : `O nome curto da organização: ${slug}`,
  confirmHint: 'Digite-o, para que ninguém faça isso por engano.',
};
