// What is vulnerable in a target becomes findings, one for each component and advisory; what a later report of the same target
// lacks is resolved.
import { newId } from '@supergraph/chassis/identifiers';
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import { currentTenant } from '@supergraph/chassis/tenancy';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { invalidDetectionInput } from '../detections/refusals.ts';
import { takeTurn } from '../detections/turn.ts';
import { findingChangedTopic, pushOfFinding } from '../findings/live.ts';
import type { FindingRow } from '../findings/model.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { UnreadableReport, type Vulnerability, vulnerabilitiesOf } from './reports.ts';

/** What findings of vulnerabilities have for a rule. */
export const vulnerabilityRuleId = 'vulnerable-component';
const mostVulnerabilities = 2_000;

const inputSchema = z.object({
  target: z.string().trim().min(1).max(300),
  report: z.string().max(1_000_000),
});
const nothing = { newCount: 0, reopenedCount: 0, resolvedCount: 0, unchangedCount: 0 };

export const reportVulnerabilities: MutationResolvers['reportVulnerabilities'] = async (
  _,
  { input },
  context,
) => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { ...nothing, errors: invalidDetectionInput(parsed.error) };
  const refuse = (message: string) => ({
    ...nothing,
    errors: [{ __typename: 'InvalidDetectionInput' as const, field: 'report', message }],
  });
  try {
    const found = vulnerabilitiesOf(parsed.data.report);
    if (found.length > mostVulnerabilities)
      return refuse(`has ${found.length} vulnerabilities; ${mostVulnerabilities} are taken at most`);
    return { ...(await compare(context, { target: parsed.data.target, found })), errors: [] };
  } catch (error) {
    if (error instanceof UnreadableReport) return refuse(error.message);
    throw error;
  }
};

function compare(
  { service, models }: Context,
  { target, found }: { target: string; found: readonly Vulnerability[] },
) {
  return service.transaction(async ({ push }) => {
    // Two reports of one target at once would each not see what the other found.
    await takeTurn(service);
    const now = new Date();
    const expiresAt = await keptUntil(service, { since: now, days: service.config.FINDING_RETENTION_DAYS });
    const rows = await models.Finding.find({
      ...{ ruleId: vulnerabilityRuleId, mergedIntoId: null },
      subjects: { $elemMatch: { field: 'target', value: target } },
    }).lean<FindingRow[]>();
    const known = new Map(rows.map((row) => [row.group, row]));
    const wanted = new Map(found.map((each) => [groupOf(target, each), each]));
    const added = [...wanted]
      .filter(([group]) => !known.has(group))
      .map(([group, each]) => findingOf({ target, group, now, expiresAt }, each));
    const present = rows.filter(({ group }) => wanted.has(group));
    const reopened = present.filter(({ status }) => status === 'RESOLVED');
    const gone = rows.filter(
      ({ group, status }) => !wanted.has(group) && status !== 'RESOLVED' && status !== 'FALSE_POSITIVE',
    );
    const of = (some: readonly FindingRow[]) => ({ _id: { $in: some.map(({ _id }) => _id) } });
    const become = (status: FindingRow['status']) => ({ status, statusSince: now, changedAt: now });
    if (added.length > 0) await models.Finding.insertMany(added);
    if (present.length > 0)
      await models.Finding.updateMany(of(present), { $set: { lastSeenAt: now, expiresAt } });
    if (reopened.length > 0) await models.Finding.updateMany(of(reopened), { $set: become('NEW') });
    if (gone.length > 0) await models.Finding.updateMany(of(gone), { $set: become('RESOLVED') });
    const told = [
      ...added,
      ...reopened.map((row) => ({ ...row, ...become('NEW'), lastSeenAt: now })),
      ...gone.map((row) => ({ ...row, ...become('RESOLVED') })),
    ];
    for (const row of told) push(findingChangedTopic, pushOfFinding(row));
    return {
      ...{ newCount: added.length, reopenedCount: reopened.length, resolvedCount: gone.length },
      unchangedCount: present.length - reopened.length,
    };
  });
}

function groupOf(target: string, { component, advisory }: Vulnerability): string {
  return JSON.stringify([target, component, advisory]);
}

function findingOf(
  { target, group, now, expiresAt }: { target: string; group: string; now: Date; expiresAt: Date },
  { component, advisory, severity }: Vulnerability,
): FindingRow {
  const subjects = [
    { field: 'target', value: target },
    { field: 'component', value: component },
    { field: 'advisory', value: advisory },
  ];
  return {
    ...{ _id: newId('fnd'), tenantId: currentTenant(), ruleId: vulnerabilityRuleId, ruleVersion: 1, group },
    ...{ title: `${advisory} in ${component}`, severity, techniques: ['T1195.001'], subjects, status: 'NEW' },
    ...{ statusSince: now, assigneeId: null, mergedIntoId: null, firstSeenAt: now, lastSeenAt: now },
    ...{ evidenceCount: 0, createdAt: now, changedAt: now, expiresAt, evidenceUntil: null },
  } as FindingRow; // the schema's lists are plain ones in a lean document
}
