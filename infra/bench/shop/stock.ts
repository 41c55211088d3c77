// The shop's rows. Who wrote what about which product is as in the public gateway benchmark, so that figures may be laid
// beside its: six customers, nine products, eleven reviews; every review is by the first customer, and every customer
// shows the first two. The texts are as long as it takes for an answer of 65 KB.

export interface User {
  id: string;
  name: string;
  username: string;
  birthday: number;
}

export interface Product {
  upc: string;
  name: string;
  price: number;
  weight: number;
  inStock: boolean;
}

export interface Review {
  id: string;
  body: string;
  /** Of the product. */
  upc: string;
  /** Id of the user. */
  author: string;
}

export const users: readonly User[] = [
  ['Ada Blum', 'adablum'],
  ['Bento Carvalho', 'bentocarvalho'],
  ['Chiara Deluca', 'chiara'],
  ['Dmitri Egorov', 'degorov'],
  ['Esi Fynn', 'esi.fynn'],
  ['Farid Ghaffari', 'farid'],
].map(([name = '', username = ''], index) => ({
  id: String(index + 1),
  name,
  username,
  birthday: 631_152_000 + index * 31_536_000,
}));

const goods: readonly [string, number, number, boolean][] = [
  ['Desk', 899, 100, true],
  ['Bench', 1_299, 1_000, false],
  ['Vase', 15, 20, false],
  ['Stool', 499, 100, false],
  ['Screen', 1_299, 1_000, true],
  ['Clock', 6_999, 300, true],
  ['Stove', 3_999, 2_000, true],
  ['Piano', 100_000, 6_000, false],
  ['Divan', 9_999, 800, true],
];

export const products: readonly Product[] = goods.map(([name, price, weight, inStock], index) => ({
  upc: String(index + 1),
  name,
  price,
  weight,
  inStock,
}));

const opinion =
  'It stands where the old one stood and does more than that one ever did. The edges are even, the drawer closes ' +
  'without a word, and after a winter beside the stove nothing has warped. Two of us carried it up four floors and ' +
  'were still on good terms at the top. What I would change is the screw that nobody can reach once the back is on. ' +
  'The instructions show a bird in every drawing, which is no help at all but made my daughter read them to the end. ' +
  'A year later it has one scratch, and that was the cat. I would buy it again for the hall if the hall were wider, ' +
  'and I have told my neighbours so, who bought the darker one and now say that theirs is the better of the two. ' +
  'Delivery took nine days, of which it spent seven in a van that went past our house each morning.';

/** Each review's product and the length of its text. */
const written: readonly [upc: string, length: number][] = [
  ['1', 290],
  ['1', 190],
  ['1', 275],
  ['1', 147],
  ['2', 445],
  ['2', 290],
  ['2', 275],
  ['2', 147],
  ['3', 147],
  ['4', 147],
  ['4', 835],
];

export const reviews: readonly Review[] = written.map(([upc, length], index) => ({
  id: String(index + 1),
  // Each begins elsewhere, so that no two are the same text.
  body: `${opinion.slice(index * 11)} ${opinion}`.slice(0, length),
  upc,
  author: '1',
}));
