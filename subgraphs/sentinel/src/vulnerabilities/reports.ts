// What a report says about the vulnerabilities of a target: CycloneDX 1.4 to 1.6 with a list of them (and VEX), or grype's own
// JSON. Pure.
import { z } from 'zod';
import { type Severity, severities } from '../findings/rules.ts';

/** A component that an advisory is about. */
export interface Vulnerability {
  /** Its package URL, or its name where it has none. */
  readonly component: string;
  /** For example CVE-2026-1234 or GHSA-…. */
  readonly advisory: string;
  readonly severity: Severity;
}

export class UnreadableReport extends Error {
  override readonly name = 'UnreadableReport';
}

const text = z.string().max(1_000);
interface Component {
  'bom-ref'?: string | undefined;
  name?: string | undefined;
  purl?: string | undefined;
  components?: Component[] | undefined;
}
const component: z.ZodType<Component> = z.object({
  'bom-ref': text.optional(),
  name: text.optional(),
  purl: text.optional(),
  get components() {
    return z.array(component).optional();
  },
});
const cycloneDx = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(component).default([]),
  vulnerabilities: z.array(
    z.object({
      id: text.min(1),
      ratings: z.array(z.object({ score: z.number().optional(), severity: text.optional() })).default([]),
      affects: z.array(z.object({ ref: text })).default([]),
      analysis: z.object({ state: text.optional() }).optional(),
    }),
  ),
});
const grype = z.object({
  matches: z.array(
    z.object({
      vulnerability: z.object({
        id: text.min(1),
        severity: text.optional(),
        cvss: z.array(z.object({ metrics: z.object({ baseScore: z.number() }) })).default([]),
      }),
      artifact: z.object({ purl: text.optional(), name: text, version: text.default('') }),
    }),
  ),
});

/** States of a VEX analysis in which there is nothing to do. */
const harmless: ReadonlySet<string | undefined> = new Set([
  'not_affected',
  'false_positive',
  'resolved',
  'resolved_with_pedigree',
]);

/** Each once, the worst of what is said of it. @throws UnreadableReport */
export function vulnerabilitiesOf(json: string): Vulnerability[] {
  const found = read(json);
  const worst = new Map<string, Vulnerability>();
  for (const each of found) {
    const key = JSON.stringify([each.component, each.advisory]);
    const known = worst.get(key);
    if (known === undefined || isWorse(each.severity, known.severity)) worst.set(key, each);
  }
  return [...worst.values()];
}

function read(json: string): Vulnerability[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UnreadableReport('is not JSON');
  }
  const bom = cycloneDx.safeParse(value);
  if (bom.success) return ofCycloneDx(bom.data);
  const scan = grype.safeParse(value);
  if (scan.success) return ofGrype(scan.data);
  const isBom = z.object({ bomFormat: z.literal('CycloneDX') }).safeParse(value).success;
  const [issue] = (isBom ? bom : scan).error?.issues ?? [];
  const at = issue?.path.join('.') ?? '';
  throw new UnreadableReport(
    isBom && at === 'vulnerabilities'
      ? 'has no list of vulnerabilities. An SBOM alone says nothing about them: have it scanned first'
      : `is neither CycloneDX nor grype's JSON: ${at}: ${issue?.message ?? 'unknown'}`,
  );
}

function ofCycloneDx({ components, vulnerabilities }: z.output<typeof cycloneDx>): Vulnerability[] {
  const names = new Map<string, string>();
  const name = (all: readonly Component[]) => {
    for (const each of all) {
      const called = each.purl ?? each.name;
      if (each['bom-ref'] !== undefined && called !== undefined) names.set(each['bom-ref'], called);
      name(each.components ?? []);
    }
  };
  name(components);
  return vulnerabilities
    .filter(({ analysis }) => !harmless.has(analysis?.state))
    .flatMap(({ id: advisory, ratings, affects }) => {
      const scores = ratings.flatMap(({ score }) => score ?? []);
      const severity = severityOf(
        scores,
        ratings.flatMap((rating) => rating.severity ?? []),
      );
      return affects.map(({ ref }) => {
        // A BOM-Link names the document before the reference.
        const local = ref.startsWith('urn:cdx:') ? decodeURIComponent(ref.slice(ref.indexOf('#') + 1)) : ref;
        return { component: names.get(local) ?? local, advisory, severity };
      });
    });
}

function ofGrype({ matches }: z.output<typeof grype>): Vulnerability[] {
  return matches.map(({ vulnerability: { id: advisory, severity, cvss }, artifact }) => ({
    component: artifact.purl || `${artifact.name}@${artifact.version}`,
    advisory,
    severity: severityOf(
      cvss.map(({ metrics }) => metrics.baseScore),
      severity === undefined ? [] : [severity],
    ),
  }));
}

/** By CVSS' qualitative scale (section 6 of its specification), the highest score; without one, by what is said in words. */
function severityOf(scores: readonly number[], words: readonly string[]): Severity {
  if (scores.length > 0) {
    const score = Math.max(...scores);
    if (score >= 9) return 'CRITICAL';
    if (score >= 7) return 'HIGH';
    if (score >= 4) return 'MEDIUM';
    return score > 0 ? 'LOW' : 'INFORMATIONAL';
  }
  const said = words.map((word) => word.toUpperCase());
  const known = [...severities].reverse().find((severity) => said.includes(severity));
  if (known !== undefined) return known;
  return said.some((word) => ['INFO', 'NONE', 'NEGLIGIBLE'].includes(word)) ? 'INFORMATIONAL' : 'MEDIUM';
}

function isWorse(one: Severity, other: Severity): boolean {
  return severities.indexOf(one) > severities.indexOf(other);
}
