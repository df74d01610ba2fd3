import { AgentDefinition } from '../../../lib/model/agent/agent-definition';
import { type AgentSettings } from '../../../lib/model/agent/agent-settings';

describe('the settings of an agent', () => {
  test.each<[string, AgentSettings, string]>([
    ['an image that is none', { image: 'a b' }, 'agent: image: got "a b", want an image without tag'],
    ['a tag of the image', { image: 'a/b:v1' }, 'agent: image: got "a/b:v1", want an image without tag'],
    [
      'a tag of the image that scans',
      { configuration: { containerScanning: { scannerImage: 'a/b:v1' } } },
      'agent: configuration.containerScanning.scannerImage: got "a/b:v1", want an image without tag',
    ],
  ])('refuse %s', (_, settings, message) => {
    expect(() => new AgentDefinition(settings)).toThrow(message);
  });
});
