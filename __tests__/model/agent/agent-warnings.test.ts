import { type NotificationFacts, notificationWarnings } from '../../../lib/model/agent/agent-warnings';
import { DEFAULT_CONTROLLERS } from '../../../lib/model/flux/controller-settings';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { ClusterLayout } from '../../../lib/model/layout/cluster-layout';
import { cloneUrl } from '../../../lib/model/manifest/project-branch';
import { examplePlan, fleetOf } from '../../support/fleets';

const repository = { url: 'https://gitlab.example.com', path: 'platform/fleet', branch: 'main' };
const root = {
  name: 'flux-system',
  namespace: 'flux-system',
  url: cloneUrl(repository),
  isGitOps: true,
  isPrivate: true,
};
const facts: NotificationFacts = {
  gitlabUrl: 'https://gitlab.example.com',
  configProject: 'platform/fleet',
  gitOpsProject: 'platform/fleet',
  sources: [root],
  controllers: DEFAULT_CONTROLLERS,
};
const reasons = (more: Partial<NotificationFacts>) =>
  notificationWarnings({ ...facts, ...more }).map(({ reason }) => reason);
const foreign = (url: string, isPrivate = true) => ({
  name: 'kiosk',
  namespace: 'kiosk',
  url,
  isGitOps: false,
  isPrivate,
});

describe('warnings about the trigger agent', () => {
  test('none when everything fits', () => {
    expect(reasons({})).toEqual([]);
  });

  test('the configuration is in another project than a private GitOps project', () => {
    expect(reasons({ configProject: 'platform/agents' })).toEqual(['config-project']);
    expect(reasons({ configProject: 'platform/agents', isPublic: true })).toEqual([]);
  });

  test("the host of the Git address is not GitLab's; port and scheme do not matter", () => {
    expect(reasons({ gitlabUrl: 'https://git.example.com' })).toEqual(['host']);
    expect(reasons({ gitlabUrl: 'http://GITLAB.example.com:8443/gitlab' })).toEqual([]);
  });

  test('notification-controller is not installed; without knowledge nobody is warned', () => {
    expect(reasons({ controllers: ['source-controller', 'kustomize-controller'] })).toEqual([
      'notification-controller',
    ]);
    expect(reasons({ controllers: undefined })).toEqual([]);
  });

  test('more than one receiver serves a source', () => {
    expect(reasons({ otherReceivers: ['a webhook', 'agent "b"'] })).toEqual(['receivers']);
  });

  test('a component has a private project of its own', () => {
    expect(reasons({ sources: [root, foreign('https://gitlab.example.com/teams/kiosk.git')] })).toEqual([
      'config-project',
    ]);
    expect(reasons({ sources: [root, foreign('https://gitlab.example.com/teams/kiosk.git', false)] })).toEqual([]);
    expect(reasons({ sources: [root, foreign('https://github.com/teams/kiosk')] })).toEqual([]);
  });
});

test('the sources of a cluster are the GitRepositories in its files, and the root', () => {
  const [{ cluster }] = fleetOf(examplePlan).clusters as [ReturnType<typeof fleetOf>['clusters'][number]];
  const target = FluxInstallation.provider().targetFor(cluster);
  const { sources } = new ClusterLayout({ cluster, target, repository });
  expect(sources).toEqual([
    { ...root, ref: { branch: 'main' } },
    {
      name: 'fluentd',
      namespace: 'logging',
      url: cloneUrl(repository),
      isGitOps: true,
      isPrivate: true,
      ref: { branch: 'main' },
    },
    {
      name: 'kiosk',
      namespace: 'kiosk',
      url: 'https://gitlab.example.com/teams/kiosk.git',
      isGitOps: false,
      isPrivate: true,
      ref: { semver: '>=1.0.0' },
    },
    {
      name: 'logging',
      namespace: 'logging',
      url: cloneUrl(repository),
      isGitOps: true,
      isPrivate: true,
      ref: { branch: 'main' },
    },
  ]);
});
