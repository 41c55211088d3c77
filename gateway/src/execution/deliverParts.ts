// An operation answered in parts (incremental delivery, `deferSpec=20220824`): what is not deferred first, the rest as
// it is ready.
import type { GraphQLFormattedError } from 'graphql';
import { errorsText } from '../authorization/denialErrors.ts';
import type { Answer, OperationInput } from './compileOperation.ts';
import type { Deferral } from './deferral.ts';
import { type AwaitedPart, divideErrors, placeErrors } from './partErrors.ts';
import type { Run, Step } from './run.ts';
import type { DataToShape, DeferredPart, ShapedAnswer } from './shapeAnswer.ts';

export interface InputInParts extends OperationInput {
  /** Gets each payload as JSON: the first has `data`, the others `incremental`, the last `hasNext: false`. */
  tell(payload: string): void;
  /** What has to be done between the primary part of the work and the first payload. */
  beforeTold?: () => Promise<unknown>;
  /** What the last payload says beside the answer. */
  extensions?: (answer: Answer) => Readonly<Record<string, unknown>>;
}

export interface Delivery {
  /** What was told in all, when the last payload has been. */
  readonly done: Promise<Answer>;
  /** Tells an error in place of all that has not been told. */
  giveUp(error: GraphQLFormattedError): Answer;
}

export interface DeliveryOptions extends Pick<InputInParts, 'tell' | 'beforeTold' | 'extensions'> {
  run: Run;
  deferral: Deferral;
  /** The primary part; what is deferred begins with it. */
  step: Step | undefined;
  shape(input: DataToShape): ShapedAnswer;
  /** The errors that clients are told. */
  errorsOf(shaped: ShapedAnswer, errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[];
}

export function deliverParts(options: DeliveryOptions): Delivery {
  const { run, deferral, step, shape, errorsOf, beforeTold, extensions } = options;
  const { variables, context, shared, data, fetchMs } = run;
  const about = { variables, shared, viewer: context.session.viewer };
  const awaited = new Set<AwaitedPart>();
  const told = { data: 'null', errors: [] as GraphQLFormattedError[], denied: new Set<string>() };
  let ready: string[] = [];
  let hasBegun = false;
  let isOver = false;
  let isGivenUp = false;
  let flushing: NodeJS.Immediate | undefined;
  let end: { resolve: () => void; reject: (error: unknown) => void };
  const ended = new Promise<void>((resolve, reject) => {
    end = { resolve, reject };
  });

  async function begin(): Promise<void> {
    await step?.(run);
    await beforeTold?.();
    if (isOver) return;
    hasBegun = true;
    const shaped = shape({ data, ...about });
    const next = shaped.parts.map((part): AwaitedPart => ({ part, errors: [] }));
    const errors = note(shaped, divideErrors(run.errors, next));
    told.data = shaped.data;
    tell(answerMembers(shaped.data, errors), { hasNext: next.length > 0 });
    if (next.length === 0) finish();
    else expect(next);
  }

  function expect(parts: readonly AwaitedPart[]): void {
    const groups = new Map<number, AwaitedPart[]>();
    for (const each of parts) {
      awaited.add(each);
      const group = groups.get(each.part.number);
      if (group) group.push(each);
      else groups.set(each.part.number, [each]);
    }
    for (const [number, group] of groups)
      deferral
        .ready(number)
        .then(() => deliver(number, group))
        .catch(fail);
  }

  function deliver(number: number, group: readonly AwaitedPart[]): void {
    if (isOver) return;
    placeErrors(deferral.errorsOf(number).splice(0), group);
    for (const each of group) {
      const { part, errors } = each;
      const shaped = part.shape({ data, ...about });
      const next = shaped.parts.map((nested): AwaitedPart => ({ part: nested, errors: [] }));
      const own = note(shaped, divideErrors(errors, next));
      ready.push(`{${answerMembers(shaped.data, own)},${placeMembers(part)}}`);
      awaited.delete(each);
      expect(next);
    }
    // Parts that are ready at the same time are told together.
    flushing ??= setImmediate(flush);
  }

  function flush(): void {
    flushing = undefined;
    if (isOver) return;
    const incremental = ready.join(',');
    ready = [];
    const hasNext = awaited.size > 0;
    tell(`"incremental":[${incremental}]`, { hasNext });
    if (!hasNext) finish();
  }

  function tell(members: string, { hasNext }: { hasNext: boolean }): void {
    const said = hasNext ? undefined : extensions?.(answer());
    const beside = said === undefined ? '' : `,"extensions":${JSON.stringify(said)}`;
    options.tell(`{${members}${beside},"hasNext":${hasNext}}`);
  }

  function finish(): void {
    isOver = true;
    end.resolve();
  }

  function fail(error: unknown): void {
    end.reject(error);
  }

  /** Keeps what is told. @returns its errors */
  function note(shaped: ShapedAnswer, errors: readonly GraphQLFormattedError[]) {
    const public_ = errorsOf(shaped, errors);
    told.errors.push(...public_);
    for (const coordinate of shaped.denied) told.denied.add(coordinate);
    return public_;
  }

  const answer = (): Answer => ({ ...told, ...(isGivenUp ? {} : { fetched: data }), fetchMs });
  begin().catch(fail);

  return {
    done: ended.then(answer),
    giveUp(error) {
      if (!isOver) {
        isGivenUp = true;
        finish();
        clearImmediate(flushing);
        told.errors.push(error);
        if (!hasBegun) tell(answerMembers('null', [error]), { hasNext: false });
        else {
          for (const { part } of awaited)
            ready.push(`{${answerMembers('null', [{ ...error, path: part.path }])},${placeMembers(part)}}`);
          tell(`"incremental":[${ready.join(',')}]`, { hasNext: false });
        }
      }
      return answer();
    },
  };
}

function answerMembers(data: string, errors: readonly GraphQLFormattedError[]): string {
  return errors.length === 0 ? `"data":${data}` : `"errors":${errorsText(errors)},"data":${data}`;
}

function placeMembers({ path, label }: DeferredPart): string {
  const named = label === undefined ? '' : `,"label":${JSON.stringify(label)}`;
  return `"path":${JSON.stringify(path)}${named}`;
}
