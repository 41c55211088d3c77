import type { personal as english } from './en.ts';

export const personal: typeof english = {
  title: 'Seus dados',
  data: {
    title: 'Baixar seus dados',
    explanation:
      'Você recebe tudo o que esta plataforma guarda sobre você, de todos os seus serviços, em um arquivo JSON. Senhas e outros segredos ficam de fora. Guarde o arquivo onde ninguém mais possa lê-lo.',
    action: 'Baixar',
  },
  deletion: {
    title: 'Excluir sua conta',
    explanation: 'Isso não pode ser desfeito: a partir desse momento você é desconectado em toda parte.',
    goes: {
      title: 'O que é apagado',
      items: [
        'seu nome, seu endereço, sua senha, chaves de acesso, aplicativo autenticador e códigos de recuperação',
        'sua participação em cada organização, com seus papéis, grupos e chaves de API lá',
        'suas sessões, o que você permitiu a aplicativos e seus vínculos com provedores de identidade',
        'dos registros de quem fez o quê: seu endereço, sua rede e seu navegador',
      ],
    },
    stays: {
      title: 'O que fica',
      items: [
        'o que você criou para suas organizações: é delas',
        'os registros das organizações sobre o que aconteceu, com um número no lugar do seu nome, pelo tempo que cada uma os guarda',
        'cópias de dados em trânsito, por três dias no máximo',
      ],
    },
    confirmation: (email) => `Para confirmar, digite seu endereço: ${email}`,
    wrongConfirmation: 'Esse não é o endereço desta conta. Digite-o como está escrito.',
    action: 'Excluir minha conta para sempre',
    done: 'Sua conta foi excluída',
    doneLead: 'Você foi desconectado em toda parte. Pode fechar esta página.',
    needed: 'Você ainda não pode excluir sua conta: ninguém mais poderia administrar estas organizações.',
    neededAdvice:
      'Faça com que outra pessoa tenha lá a permissão de mudar papéis (role:write), ou peça a quem opera a plataforma que exclua a organização. Depois volte.',
  },
};
