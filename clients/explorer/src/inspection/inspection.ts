// What is known of the schema and of the operation in the editor, for all parts of the page that show some of it.
import type { Developers, OperationReport, OperationText, SchemaFacts } from '../graphql/developers.ts';

export interface InspectionState {
  facts: SchemaFacts | null;
  /** Why the facts are not there. */
  factsFailure: string | null;
  /** The last operation that was looked at. */
  operation: OperationText | null;
  report: OperationReport | null;
  /** Why the operation has no report, in a sentence. */
  failure: string | null;
  isWaiting: boolean;
}

export interface Inspection {
  state(): InspectionState;
  watch(listener: () => void): () => void;
  loadFacts(): Promise<void>;
  /** Asks for a report. Of several questions only the last one's answer counts. */
  inspect(operation: OperationText): Promise<void>;
  /** Asks again for what was asked last: permissions may have changed. */
  repeat(): Promise<void>;
  /** Forgets the operation. @param reason why there is nothing to show */
  forget(reason: string): void;
}

export function createInspection(developers: Developers): Inspection {
  const listeners = new Set<() => void>();
  let asked = 0;
  let state: InspectionState = {
    facts: null,
    factsFailure: null,
    operation: null,
    report: null,
    failure: null,
    isWaiting: false,
  };
  const become = (change: Partial<InspectionState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const inspect = async (operation: OperationText): Promise<void> => {
    asked += 1;
    const question = asked;
    become({ operation, isWaiting: true });
    try {
      const report = await developers.inspect(operation);
      if (question === asked) become({ report, failure: null, isWaiting: false });
    } catch (error) {
      if (question === asked) become({ report: null, failure: messageOf(error), isWaiting: false });
    }
  };
  return {
    state: () => state,
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async loadFacts() {
      try {
        become({ facts: await developers.facts(), factsFailure: null });
      } catch (error) {
        become({ factsFailure: messageOf(error) });
      }
    },
    inspect,
    async repeat() {
      if (state.operation) await inspect(state.operation);
    },
    forget(reason) {
      asked += 1;
      become({ operation: null, report: null, failure: reason, isWaiting: false });
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
