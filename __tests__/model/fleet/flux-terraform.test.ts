// The type `provider`, and Flux's own files by Terraform, as fleet.yaml says them.
import { App } from 'cdktf';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadFleet } from '../../../lib/model/fleet';
import { FleetStacks } from '../../../stacks';
import { fleetOf, messagesFor, ROOT } from '../../support/example-fleet';
import { vendorSmallFlux } from '../../support/flux-bundle';

const directory = mkdtempSync(join(tmpdir(), 'flux-terraform-'));
afterAll(() => rmSync(directory, { recursive: true }));

const text = (flux: string): string => `project: { url: https://gitlab.example.com, path: platform/fleet }
environments:
  dev: {}
clusters:
  lab:
    environment: dev
    connection: { kubeconfig: { context: lab } }
    flux:
      ${flux}
`;
const provider = (more: string): string => text(`type: provider\n      ${more}`);
const terraform = (more: string): string => text(`version: v2.9.4\n      gotkFiles: terraform\n      ${more}`);

describe('the examples', () => {
  it('with the type provider loads, and has no file of Flux itself', () => {
    const fleet = loadFleet(join(ROOT, 'examples/flux-terraform/fleet.yaml'));
    expect(fleet.warnings).toEqual([]);
    expect(fleet.clusters.map(({ flux }) => flux.type)).toEqual(['provider']);
    const paths = fleet.files().flatMap(({ files }) => files.paths);
    expect(paths).toContain('clusters/lab-dev/log-store/kustomization.yaml');
    expect(paths.filter((path) => path.includes('flux-system'))).toEqual([]);
  });

  it('with gotkFiles: terraform loads with the manifests, and says how to get them', () => {
    cpSync(join(ROOT, 'examples'), join(directory, 'examples'), { recursive: true });
    const example = join(directory, 'examples/gotk-files');
    const load = () => loadFleet(join(example, 'fleet.yaml'));
    expect(() => load().files()).toThrow(
      `fleet.yaml:17:5: environments.prod.flux.fluxBundle: ${example}/vendor/flux/v2.9.4: want the manifests of Flux v2.9.4 there: gitlab-flux vendor flux --version v2.9.4 --out ${example}/vendor/flux (on vault-prod)`,
    );
    vendorSmallFlux(join(example, 'vendor/flux'));
    expect(load().warnings).toEqual([]);
    const paths = load()
      .files()
      .flatMap(({ files }) => files.paths);
    expect(paths.filter((path) => path.includes('flux-system'))).toEqual([
      'clusters/vault-prod/flux-system/gotk-components.yaml',
      'clusters/vault-prod/flux-system/gotk-sync.yaml',
      'clusters/vault-prod/flux-system/kustomization.yaml',
    ]);
    const app = new App({ outdir: join(directory, 'out') });
    FleetStacks.fromFile(app, join(example, 'fleet.yaml'));
    app.synth();
  });
});

describe('a cluster with the type provider', () => {
  it('needs no version, and does not know what others know', () => {
    const flux = fleetOf(provider('')).clusters[0]?.flux;
    expect([flux?.type, flux?.settings]).toEqual(['provider', {}]);
    expect(messagesFor(provider('version: v2.9.4'))).toEqual([
      'fleet.yaml:10:16: clusters.lab.flux.version: got "v2.9.4", want nothing with the type provider: only bootstrap and operator has it: the provider brings its own, see `downloadVersion`',
    ]);
  });

  it('has every setting of the provider', () => {
    const settings = `downloadVersion: v2.8.5
      deleteGitManifests: false
      timeouts: { create: 20m, read: 1m, update: 20m, delete: 2m }
      watchAllNamespaces: true
      tolerationKeys: [a]
      recurseSubmodules: true
      author: { name: x, email: x@example.com }
      commitMessageAppendix: "[skip ci]"`;
    expect(fleetOf(provider(settings)).clusters[0]?.flux.settings).toEqual({
      downloadVersion: 'v2.8.5',
      deleteGitManifests: false,
      timeouts: { create: '20m', read: '1m', update: '20m', delete: '2m' },
      watchAllNamespaces: true,
      tolerationKeys: ['a'],
      recurseSubmodules: true,
      author: { name: 'x', email: 'x@example.com' },
      commitMessageAppendix: '[skip ci]',
    });
  });

  it.each<[string, string]>([
    [
      'downloadVersion: 2.8.5',
      '24: clusters.lab.flux.downloadVersion: got "2.8.5", want a version of Flux such as v2.9.4',
    ],
    ['downloadVersion: 2.8', '24: clusters.lab.flux.downloadVersion: got 2.8, want text: put it in quotes'],
    [
      'deleteGitManifests: yes please',
      '27: clusters.lab.flux.deleteGitManifests: got "yes please", want true or false',
    ],
    [
      'timeouts: 20m',
      '17: clusters.lab.flux.timeouts: got "20m", want a map such as { create: 20m }, of create, read, update, delete',
    ],
    [
      'timeouts: { create: soon }',
      '27: clusters.lab.flux.timeouts.create: got "soon", want a duration such as 90s, 10m or 1h30m',
    ],
    ['timeouts: { read: 20 }', '25: clusters.lab.flux.timeouts.read: got 20, want text: put it in quotes'],
    [
      'timeouts: { update: -1m }',
      '27: clusters.lab.flux.timeouts.update: got "-1m", want a duration such as 90s, 10m or 1h30m',
    ],
    [
      'timeouts: { destroy: 20m }',
      '19: clusters.lab.flux.timeouts: unknown key "destroy"; there are create, read, update, delete',
    ],
    ['controllers: source-controller', '20: clusters.lab.flux.controllers: got "source-controller", want a list'],
    [
      'controllers: [source-controller, helm-controler]',
      '40: clusters.lab.flux.controllers[1]: got "helm-controler", want one of source-controller, kustomize-controller, helm-controller, notification-controller, image-reflector-controller, image-automation-controller, source-watcher; did you mean "helm-controller"?',
    ],
    [
      'controllers: [source-controller]',
      '7: clusters.lab.flux.controllers: got ["source-controller"], want kustomize-controller among the controllers',
    ],
    [
      'controllers: [source-controller, kustomize-controller, source-controller]',
      '7: clusters.lab.flux.controllers: got ["source-controller","kustomize-controller","source-controller"], want each controller once',
    ],
    [
      'registry: $(REGISTRY)',
      '17: clusters.lab.flux.registry: got "$(REGISTRY)", want a registry and a path without a scheme, such as ghcr.io/fluxcd',
    ],
    [
      'imagePullSecret: Not a name',
      '24: clusters.lab.flux.imagePullSecret: got "Not a name", want a DNS subdomain: up to 253 lower case letters, digits, hyphens and dots, with a letter or digit at both ends of each part',
    ],
    ['networkPolicy: maybe', '22: clusters.lab.flux.networkPolicy: got "maybe", want true or false'],
    ['watchAllNamespaces: 1', '27: clusters.lab.flux.watchAllNamespaces: got 1, want true or false'],
    ['logLevel: trace', '17: clusters.lab.flux.logLevel: got "trace", want one of debug, info, error'],
    ['clusterDomain: [a]', '22: clusters.lab.flux.clusterDomain: got a list, want text'],
    ['tolerationKeys: a', '23: clusters.lab.flux.tolerationKeys: got "a", want a list'],
    ['tolerationKeys: [a, $(B)]', '27: clusters.lab.flux.tolerationKeys[1]: got "$(B)", want the key of a taint'],
    [
      'secretName: git-credentials',
      '19: clusters.lab.flux.secretName: got "git-credentials", want another name: this library writes a Secret of that name',
    ],
    ['interval: 1 minute', '17: clusters.lab.flux.interval: got "1 minute", want a duration such as 90s, 10m or 1h30m'],
    ['recurseSubmodules: "true"', '26: clusters.lab.flux.recurseSubmodules: got "true", want true or false'],
    ['author: Flux', '15: clusters.lab.flux.author: got "Flux", want a map such as { name: Flux }, of name, email'],
    ['author: { mail: x }', '17: clusters.lab.flux.author: unknown key "mail"; did you mean "email"?'],
    [
      'commitMessageAppendix: costs $$',
      '30: clusters.lab.flux.commitMessageAppendix: got "costs $$", want text without `$(` and `$$`, which Kubernetes replaces',
    ],
    ['patches: { concurrency: { kustomize: 10 } }', '16: clusters.lab.flux.patches: got a map, want a list'],
    [
      'patches: [{ concurrency: { kustomize: 0 } }]',
      '45: clusters.lab.flux.patches[0].concurrency.kustomize: got 0, want at least 1',
    ],
    [
      'readCredential: token',
      '23: clusters.lab.flux.readCredential: got "token", want a map such as { type: … }, of type, revision',
    ],
    ['fluxBundle: 1', '19: clusters.lab.flux.fluxBundle: got 1, want text: put it in quotes'],
    [
      'downloadVersions: v2.8.5',
      '7: clusters.lab.flux: unknown key "downloadVersions"; did you mean "downloadVersion"?',
    ],
  ])('%s', (setting, message) => {
    expect(messagesFor(provider(setting))).toEqual([`fleet.yaml:10:${message}`]);
  });
});

describe('a cluster whose gotk files Terraform writes', () => {
  it.each<[string, string]>([
    ['fluxBundle: [a]', '11:19: clusters.lab.flux.fluxBundle: got a list, want text'],
    [
      'fluxBundle: nowhere',
      '11:19: clusters.lab.flux.fluxBundle: nowhere: want the manifests of Flux v2.9.4 there: gitlab-flux vendor flux --version v2.9.4',
    ],
    [
      'teams: [a]',
      '11:7: clusters.lab.flux.teams: got ["a"], want nothing with gotkFiles \'terraform\': the flux CLI does not push',
    ],
    [
      'personal: true',
      "11:17: clusters.lab.flux.personal: got true, want nothing with gotkFiles 'terraform': the flux CLI does not push",
    ],
    [
      'author: { name: x }',
      '11:7: clusters.lab.flux.author: got {"name":"x"}, want nothing with gotkFiles \'terraform\': the flux CLI does not push',
    ],
    [
      'commitMessageAppendix: x',
      '11:30: clusters.lab.flux.commitMessageAppendix: got "x", want nothing with gotkFiles \'terraform\': the flux CLI does not push',
    ],
    [
      'authentication: token',
      '11:23: clusters.lab.flux.authentication: got "token", want read-only with gotkFiles \'terraform\': there is no other credential on the cluster',
    ],
    [
      `fluxBundle: BUNDLE\n      registry: a b`,
      '12:17: clusters.lab.flux.registry: got "a b", want a registry and a path without a scheme, such as ghcr.io/fluxcd',
    ],
    [
      `fluxBundle: BUNDLE\n      clusterDomain: a..`,
      '12:22: clusters.lab.flux.clusterDomain: got "a..", want a DNS domain',
    ],
    [
      `fluxBundle: BUNDLE\n      tolerationKeys: [a, b c]`,
      '12:27: clusters.lab.flux.tolerationKeys[1]: got "b c", want the key of a taint',
    ],
    [
      `fluxBundle: BUNDLE\n      imagePullSecret: "123"`,
      '12:24: clusters.lab.flux.imagePullSecret: BUNDLE: got "123", want text that YAML does not take for a number or a boolean',
    ],
    [
      `fluxBundle: BUNDLE\n      controllers: [source-controller, kustomize-controller, source-watcher]`,
      '12:62: clusters.lab.flux.controllers: BUNDLE: got "source-watcher", want one of helm-controller, kustomize-controller, notification-controller, source-controller',
    ],
  ])('%s', (setting, message) => {
    const bundle = vendorSmallFlux(join(directory, 'given'));
    const [got] = messagesFor(terraform(setting.replace('BUNDLE', bundle)));
    expect(got?.replace(bundle, 'BUNDLE')).toBe(`fleet.yaml:${message}`);
  });

  it('is refused with another version of the manifests', () => {
    const bundle = vendorSmallFlux(join(directory, 'other'), 'v2.9.3');
    expect(messagesFor(terraform(`fluxBundle: ${bundle}`))).toEqual([
      `fleet.yaml:9:16: clusters.lab.flux.version: ${bundle}: got "v2.9.3", want v2.9.4: gitlab-flux vendor flux --version v2.9.4`,
    ]);
  });

  it.each<[string, string]>([
    [
      'version: v2.9.4\n      gotkFiles: me',
      '10:18: clusters.lab.flux.gotkFiles: got "me", want one of flux, terraform',
    ],
    [
      'version: v2.9.4\n      fluxBundle: vendor/flux',
      '10:19: clusters.lab.flux.fluxBundle: got "vendor/flux", want nothing, or gotkFiles \'terraform\': the flux CLI brings its own manifests',
    ],
    ['type: terraform', '9:13: clusters.lab.flux.type: got "terraform", want one of bootstrap, provider, operator'],
    [
      'gotkFiles: terraform',
      '9:7: clusters.lab: missing key "flux.version": want a version of Flux for the cluster, its environment or under "defaults"',
    ],
  ])('%s', (flux, message) => {
    expect(messagesFor(text(flux))).toEqual([`fleet.yaml:${message}`]);
  });
});
