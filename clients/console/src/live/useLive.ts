// Something that changes all the time, as a component sees it.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { stringifyDocument, type TypedDocumentNode } from 'urql';
import { live, platform } from '../platform/platform.ts';
import { type Following, follow, type Shown } from './following.ts';

type Variables = Record<string, unknown>;

export interface LiveOptions<Present, State, Changes, Asked extends Variables, Followed extends Variables> {
  /** Asks for the present. */
  present: TypedDocumentNode<Present, Asked>;
  asked: Asked;
  /** Its page after page, for lists: the variables of the next one, or null. */
  next?: (page: Present, asked: Asked) => Asked | null;
  /** A subscription to one field that tells every change. */
  changes: TypedDocumentNode<Changes, Followed>;
  followed: Followed;
  /** Puts together what was asked for. */
  state: (pages: readonly Present[]) => State;
  /** After changes, oldest first; one that the state has already changes nothing. Null: the present is asked for again. */
  apply: ((state: State, changes: readonly Changes[keyof Changes][]) => State) | null;
  /** Where the present is asked for again, how often at most. Default each second. */
  againMs?: number;
}

export interface LiveView<State> extends Shown<State> {
  again(): void;
}

const nothing: Shown<never> = { state: undefined, error: undefined, freshness: { phase: 'loading' } };

export function useLive<Present, State, Changes, Asked extends Variables, Followed extends Variables>(
  options: LiveOptions<Present, State, Changes, Asked, Followed>,
): LiveView<State> {
  const key = JSON.stringify([options.asked, options.followed]);
  const [following, setFollowing] = useState<Following<State> | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: documents and functions are the component's own and never change
  useEffect(() => {
    const { present, asked, next, changes, followed, state, apply, againMs } = options;
    const started = follow<State, Changes[keyof Changes]>({
      connection: live,
      async load() {
        const pages: Present[] = [];
        for (let variables: Asked | null = asked; variables !== null; ) {
          const page: Present = await ask(present, variables);
          pages.push(page);
          variables = next?.(page, variables) ?? null;
        }
        return state(pages);
      },
      changes: { query: stringifyDocument(changes), variables: followed },
      apply,
      ...(againMs !== undefined && { againMs }),
    });
    setFollowing(started);
    return () => started.stop();
  }, [key]);
  const shown = useSyncExternalStore(
    following?.watch ?? watchNothing,
    following?.shown ?? (() => nothing as Shown<State>),
  );
  return { ...shown, again: () => following?.again() };
}

async function ask<Present, Asked extends Variables>(
  document: TypedDocumentNode<Present, Asked>,
  variables: Asked,
): Promise<Present> {
  const { data, error } = await platform.query(document, variables, { requestPolicy: 'network-only' });
  if (data === undefined) throw error;
  return data;
}

const watchNothing = () => () => undefined;
