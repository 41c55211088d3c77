import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Refusals } from '../design/Refusals.tsx';
import { useText } from '../language/language.ts';
import { download } from '../platform/download.ts';

export interface DownloadPartProps {
  subgraph: string;
  /** Where the gateway has it. */
  path: string;
}

export function DownloadPart({ subgraph, path }: DownloadPartProps) {
  const text = useText();
  const [state, setState] = useState<'idle' | 'running' | 'gone' | 'away'>('idle');
  const start = async () => {
    setState('running');
    setState(await download({ path, fileName: `${subgraph}.ndjson.gz` }));
  };
  const problem = { gone: text.exports.gone, away: text.failure.away, idle: null, running: null }[state];
  return (
    <div className="form">
      <div className="actions">
        <Button
          disabled={state === 'running'}
          label={`${text.exports.download}: ${subgraph}`}
          onClick={() => void start()}
        >
          {state === 'running' ? text.exports.downloading : text.exports.download}
        </Button>
      </div>
      <Refusals refusals={problem === null ? [] : [{ message: problem }]} />
    </div>
  );
}
