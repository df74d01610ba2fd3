import { checkInstallationSettings } from '../../../lib/model/flux/installation-settings';

describe('the Secret with which Flux reads the repository', () => {
  test.each([
    'flux-bootstrap-token',
    'flux-cli-saved-credentials',
    'git-credentials',
    'webhook-receiver',
    'webhook-token',
    'webhook-spoke-shop',
  ])('is not %s, which is written for something else', (secretName) => {
    expect(() => checkInstallationSettings('Flux', { secretName })).toThrow(
      `Flux: secretName: got "${secretName}", want another name: this library writes a Secret of that name`,
    );
  });

  test.each(['flux-system', 'git-credentials-2', 'webhook'])('may be %s', (secretName) => {
    expect(() => checkInstallationSettings('Flux', { secretName })).not.toThrow();
  });
});
