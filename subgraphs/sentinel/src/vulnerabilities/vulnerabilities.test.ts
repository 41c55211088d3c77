// Vulnerabilities that CI reports, as findings.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import { type Copy, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { UnreadableReport, vulnerabilitiesOf } from './reports.ts';

const lodash = 'pkg:npm/lodash@4.17.20';
const express = 'pkg:npm/express@4.0.0';
const bom = (vulnerabilities: object[]) =>
  JSON.stringify({
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6' },
    components: [
      {
        'bom-ref': 'express',
        type: 'library',
        name: 'express',
        purl: express,
        components: [{ 'bom-ref': 'lodash', type: 'library', name: 'lodash', purl: lodash }],
      },
    ],
    vulnerabilities,
  });
const cve = (id: string, ref: string, more: object = {}) => ({ id, affects: [{ ref }], ...more });

describe('a report', () => {
  it('in CycloneDX says which component an advisory is about, and how bad that is', () => {
    const rated = {
      ratings: [
        { score: 5.3, severity: 'medium' },
        { score: 9.1, severity: 'critical' },
      ],
    };
    expect(
      vulnerabilitiesOf(
        bom([
          cve('CVE-1', 'lodash', rated),
          cve('CVE-2', 'urn:cdx:3e67/1#express', { ratings: [{ severity: 'high' }] }),
          cve('CVE-3', 'lodash'),
        ]),
      ),
    ).toEqual([
      { component: lodash, advisory: 'CVE-1', severity: 'CRITICAL' },
      { component: express, advisory: 'CVE-2', severity: 'HIGH' },
      { component: lodash, advisory: 'CVE-3', severity: 'MEDIUM' },
    ]);
  });

  it('leaves out what its VEX says is harmless', () => {
    const state = (value: string) => ({ analysis: { state: value } });
    const all = ['not_affected', 'false_positive', 'resolved', 'exploitable', 'in_triage'];
    const found = vulnerabilitiesOf(bom(all.map((value) => cve(value, 'lodash', state(value)))));
    expect(found.map(({ advisory }) => advisory)).toEqual(['exploitable', 'in_triage']);
  });

  it('may be grype’s', () => {
    const vulnerability = { id: 'GHSA-1', severity: 'Low', cvss: [{ metrics: { baseScore: 7.5 } }] };
    const artifact = { name: 'lodash', version: '4.17.20', purl: lodash };
    expect(vulnerabilitiesOf(JSON.stringify({ matches: [{ vulnerability, artifact }] }))).toEqual([
      { component: lodash, advisory: 'GHSA-1', severity: 'HIGH' },
    ]);
  });

  it('that lists no vulnerabilities at all is refused, because that they are gone is not what it says', () => {
    const unscanned = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', components: [] });
    expect(() => vulnerabilitiesOf(unscanned)).toThrow(/have it scanned first/);
    expect(() => vulnerabilitiesOf('{}')).toThrow(UnreadableReport);
    expect(() => vulnerabilitiesOf('no json')).toThrow('is not JSON');
  });
});

describe('vulnerabilities of a target', () => {
  let platform: TestPlatform;
  let copy: Copy;
  beforeAll(async () => {
    platform = await testPlatform();
    copy = await platform.start();
  });
  afterAll(() => platform.stop());

  const viewer = testViewer({ tenantId: 'ten_v', permissions: ['finding:read', 'finding:write'] });
  const ask = async (query: string, variables: object = {}) => {
    const { data, errors } = await platform.execute(copy, { query, variables, viewer });
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
  const report = async (target: string, text: string) =>
    (
      await ask(
        `mutation ($target: String!, $report: String!) { reportVulnerabilities(input: { target: $target, report: $report }) {
          newCount reopenedCount resolvedCount unchangedCount errors { field message } } }`,
        { target, report: text },
      )
    ).reportVulnerabilities;
  const findings = async () =>
    (await ask('{ findings(first: 100) { nodes { title severity status subjects { field value } } } }'))
      .findings.nodes;

  it('are found once, resolved when a later report lacks them, and new again when they return', async () => {
    const both = bom([cve('CVE-1', 'lodash'), cve('CVE-2', 'express')]);
    const one = bom([cve('CVE-2', 'express')]);
    expect(await report('shop', both)).toMatchObject({ newCount: 2, errors: [] });
    expect(await report('shop', both)).toMatchObject({ newCount: 0, unchangedCount: 2 });
    expect(await report('till', one)).toMatchObject({ newCount: 1 });
    expect(await report('shop', one)).toMatchObject({ resolvedCount: 1, unchangedCount: 1 });
    expect(await report('shop', both)).toMatchObject({ reopenedCount: 1, unchangedCount: 1 });
    expect(await report('shop', bom([]))).toMatchObject({ resolvedCount: 2 });
    const all = await findings();
    expect(all).toHaveLength(3);
    expect(all).toContainEqual({
      ...{ title: `CVE-1 in ${lodash}`, severity: 'MEDIUM', status: 'RESOLVED' },
      subjects: [
        { field: 'target', value: 'shop' },
        { field: 'component', value: lodash },
        { field: 'advisory', value: 'CVE-1' },
      ],
    });
    expect(await report('shop', '{}')).toMatchObject({ newCount: 0, errors: [{ field: 'report' }] });
  });
});
