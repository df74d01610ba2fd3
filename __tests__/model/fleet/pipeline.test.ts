import { FleetFileError, parseFleet } from '../../../lib/model/fleet';

const fleet = (trigger: string, more = ''): string => `
project: { url: https://gitlab.example.com, path: platform/fleet }
environments: { dev: {} }
${more}
clusters:
  uni:
    environment: dev
    flux: { version: v2.9.4 }
    connection: { kubeconfig: { context: uni } }
    trigger: ${trigger}
`;
const problemsOf = (text: string): string => {
  try {
    parseFleet(text);
  } catch (error) {
    if (error instanceof FleetFileError) return error.message;
    throw error;
  }
  return 'nothing is wrong';
};

describe('the trigger pipeline in fleet.yaml', () => {
  it('has a variable by default', () => {
    expect(parseFleet(fleet('pipeline')).clusters[0]?.cluster.trigger.pipeline).toEqual({});
  });

  it('says with what GitLab CI reaches the cluster', () => {
    const accessOf = (access: string) =>
      parseFleet(fleet(`{ pipeline: { access: ${access}, maxDeletes: 3 } }`)).clusters[0]?.cluster.trigger.pipeline;
    expect(accessOf('{ serviceAccount: { server: "https://uni.example.com", revision: 2 } }')).toEqual({
      access: {
        data: {
          type: 'service-account',
          server: 'https://uni.example.com',
          certificateAuthority: undefined,
          revision: 2,
          admissionPolicy: true,
        },
      },
      maxDeletes: 3,
    });
    expect(accessOf('{ variable: {} }')?.access?.data).toEqual({ type: 'variable', name: 'FLUX_KUBECONFIG' });
    expect(accessOf('{ gitLabAgent: { project: platform/fleet, agent: uni } }')?.access?.data).toEqual({
      type: 'agent',
      context: 'platform/fleet:uni',
    });
  });

  it.each([
    [
      '{ pipeline: { access: { serviceAccount: { server: "http://uni" } } } }',
      '10:64: clusters.uni.trigger.pipeline.access.serviceAccount.server: got "http://uni"',
    ],
    [
      '{ pipeline: { access: {} } }',
      'clusters.uni.trigger.pipeline.access: got a map, want exactly one of serviceAccount, variable, gitLabAgent',
    ],
    ['{ pipeline: {}, interval: {} }', 'want exactly one of interval, pipeline'],
    ['{ pipeline: { maxDelete: 3 } }', 'unknown key "maxDelete"; did you mean "maxDeletes"?'],
    ['{ pipeline: { environmentName: "a//b" } }', 'clusters.uni.trigger.pipeline.environmentName: got "a//b"'],
  ])('%s is refused', (trigger, message) => {
    expect(problemsOf(fleet(trigger))).toContain(message);
  });

  it('has settings that all jobs share', () => {
    const more = 'applyPipeline: { stage: apply, rootFile: false }';
    const [repository] = parseFleet(fleet('pipeline', more)).files();
    expect(repository?.files.paths).toEqual([
      '.gitlab/flux/apply-changed.gitlab-ci.yml',
      '.gitlab/flux/apply-changed.sh',
    ]);
    expect(repository?.files.get('.gitlab/flux/apply-changed.gitlab-ci.yml')?.content).toContain('stage: apply');
    expect(problemsOf(fleet('pipeline', 'applyPipeline: { image: alpine/k8s }'))).toContain(
      '4:25: applyPipeline.image: got "alpine/k8s", want an image with a tag or a digest',
    );
  });
});
