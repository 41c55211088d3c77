import { type ReactNode, useState } from 'react';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { ServiceChoicesDocument } from '../health/service-choices.generated.ts';
import { useInstants, useText } from '../language/language.ts';
import { ConfirmChange } from '../platform/ConfirmChange.tsx';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { AnnounceWindow } from './AnnounceWindow.tsx';
import { EndMaintenanceWindowDocument, MaintenanceWindowsDocument } from './quiet.generated.ts';
import { phaseOfWindow } from './rules.ts';

export function Windows() {
  const { windows: text, ...shared } = useText().quiet;
  const may = useMay();
  const canChange = may('maintenance-window:write');
  const written = useInstants();
  const pages = usePages();
  const [dialog, setDialog] = useState<ReactNode>(null);
  const close = () => setDialog(null);
  const question = useQuestion(MaintenanceWindowsDocument, {
    variables: { after: pages.after },
    of: ['MaintenanceWindow'],
  });
  const choices = useQuestion(ServiceChoicesDocument, {
    variables: {},
    of: ['Service'],
    isAsked: may('service:read'),
  });
  const services = choices.data?.services?.nodes ?? [];
  const nameOf = (id: string) => services.find((service) => service.id === id)?.name ?? id;
  return (
    <Section
      title={text.title}
      lead={text.lead}
      actions={
        canChange && (
          <Button
            kind="primary"
            onClick={() => setDialog(<AnnounceWindow services={services} onClose={close} />)}
          >
            {text.add}
          </Button>
        )
      }
    >
      <Loaded question={question}>
        {({ maintenanceWindows: windows }) =>
          !windows || windows.nodes.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <>
              <Table
                caption={text.caption}
                columns={[text.name, shared.phase, text.services, shared.starts, shared.ends, text.repeats]}
                hasActions={canChange}
              >
                {windows.nodes.map((window) => {
                  const { id, name, serviceIds, startsAt, endsAt, repeatEveryDays } = window;
                  const phase = phaseOfWindow(window, Date.now());
                  return (
                    <tr key={id}>
                      <th scope="row">{name}</th>
                      <td>
                        <Badge tone={phase === 'now' ? 'warn' : 'neutral'}>{shared.phases[phase]}</Badge>
                      </td>
                      <td>{serviceIds.map(nameOf).join(', ') || text.all}</td>
                      <td>{written(startsAt)}</td>
                      <td>{written(endsAt)}</td>
                      <td>{repeatEveryDays === null ? text.once : text.every(repeatEveryDays)}</td>
                      {canChange && (
                        <td>
                          {phase !== 'over' && (
                            <Button
                              label={`${text.end}: ${name}`}
                              onClick={() =>
                                setDialog(
                                  <ConfirmChange
                                    document={EndMaintenanceWindowDocument}
                                    input={{ id }}
                                    title={`${text.end}: ${name}`}
                                    lead={text.endLead}
                                    submit={text.end}
                                    says={text.ended}
                                    of={['MaintenanceWindow']}
                                    onClose={close}
                                  />,
                                )
                              }
                            >
                              {text.end}
                            </Button>
                          )}
                        </td>
                      )}
                    </tr>
                  );
                })}
              </Table>
              <Pager pages={pages} pageInfo={windows.pageInfo} />
            </>
          )
        }
      </Loaded>
      {dialog}
    </Section>
  );
}
