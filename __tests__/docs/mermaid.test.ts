import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';

import { blocksOf } from './markdown';

/** Mermaid as a page loads it, without a page. */
function mermaidWithoutPage(): { parse(text: string): Promise<{ readonly diagramType: string }> } {
  const context: Record<string, unknown> = { structuredClone, console };
  createContext(context);
  // It cleans texts by a function that has these methods only where there is a window. Here nothing is shown.
  runInContext('Function.prototype.addHook = () => {}; Function.prototype.sanitize = (text) => text;', context);
  runInContext(readFileSync(require.resolve('@mermaid-js/tiny'), 'utf8'), context);
  return context['mermaid'] as ReturnType<typeof mermaidWithoutPage>;
}

const mermaid = mermaidWithoutPage();
const diagrams = blocksOf('mermaid').map((block) => [block.at, block.text] as const);

test.each(diagrams)('the diagram at %s can be drawn', async (_, text) => {
  await expect(mermaid.parse(text)).resolves.toHaveProperty('diagramType');
});

test('a diagram with a mistake is found', async () => {
  await expect(mermaid.parse('flowchart LR\n  a[GitLab --> b')).rejects.toThrow('Parse error on line');
  await expect(mermaid.parse('sequenceDiagram\n  a->b')).rejects.toThrow('Parse error on line');
});

test('the pages show who talks to whom, the order of a deploy, hub and spoke, and the way of a credential', () => {
  expect(diagrams.map(([at]) => at.replace(/:.*/, ''))).toEqual([
    'docs/bootstrap.md',
    'docs/credentials.md',
    'docs/hub-and-spoke.md',
    'docs/tutorial.md',
  ]);
});
