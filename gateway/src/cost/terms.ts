// Costs are prepared once per document, and what hangs on a request's variables is left open: a term is a number where
// it is known by then, or a function of the variables.

/** Coerced, with defaults. */
export type Variables = Readonly<Record<string, unknown>>;
export type Term = number | ((variables: Variables) => number);

export function evaluate(term: Term, variables: Variables): number {
  return typeof term === 'number' ? term : term(variables);
}

export function sum(terms: readonly Term[]): Term {
  const [known, open] = split(terms);
  const base = known.reduce((total, term) => total + term, 0);
  const [only] = open;
  if (only === undefined) return base;
  if (open.length === 1) return base === 0 ? only : (variables) => base + only(variables);
  return (variables) => {
    let total = base;
    for (const term of open) total += term(variables);
    return total;
  };
}

export function product(left: Term, right: Term): Term {
  if (typeof left === 'number' && typeof right === 'number') return left * right;
  if (left === 0 || right === 0) return 0;
  if (left === 1) return right;
  if (right === 1) return left;
  return (variables) => evaluate(left, variables) * evaluate(right, variables);
}

/** 0 for none. */
export function largest(terms: readonly Term[]): Term {
  const [known, open] = split(terms);
  const base = Math.max(0, ...known);
  if (open.length === 0) return base;
  return (variables) => {
    let most = base;
    for (const term of open) most = Math.max(most, term(variables));
    return most;
  };
}

function split(terms: readonly Term[]): [number[], ((variables: Variables) => number)[]] {
  return [
    terms.filter((term) => typeof term === 'number'),
    terms.filter((term) => typeof term === 'function'),
  ];
}
