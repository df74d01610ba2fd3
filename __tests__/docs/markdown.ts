import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The folder of the project. */
export const root = resolve(__dirname, '../..');

/** What a documentation test looks at: one code block. */
export interface Block {
  /** Page and line, for messages: `docs/clusters.md:12`. */
  readonly at: string;
  /** First word of the info string: the language. */
  readonly language: string;
  /** The other words: what the block is. `name=value` has a value, a bare word the value ''. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A page of the documentation. */
export interface Page {
  /** Path from the project's folder. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The text without code blocks; lines keep their numbers. */
  readonly prose: string;
}

/** Every page that people read. */
export const pages: readonly Page[] = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...markdownBelow('docs')].map(
  pageAt,
);

/** The blocks of all pages in a language, and with an attribute when one is named. */
export function blocksOf(language: string, attribute?: string): readonly Block[] {
  return pages
    .flatMap(({ blocks }) => blocks)
    .filter((block) => block.language === language && (attribute === undefined || attribute in block.attributes));
}

/** The page with a block. */
export function pageOf(block: Block): Page {
  return pages.find(({ blocks }) => blocks.includes(block))!;
}

function markdownBelow(directory: string): readonly string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(directory, path))
    .sort();
}

function pageAt(path: string): Page {
  const text = readFileSync(join(root, path), 'utf8');
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open:
    { readonly fence: string; readonly info: string; readonly line: number; readonly lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent = '', fence, info = ''] = /^( *)(`{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined && fence !== undefined) open = { fence: indent + fence, info, line: index + 1, lines: [] };
    else if (line === open?.fence) {
      blocks.push(blockOf(`${path}:${open.line}`, open.info, open.lines));
      open = undefined;
    } else if (open !== undefined) open.lines.push(line);

    prose.push(open === undefined && fence === undefined ? line : '');
  }
  if (open !== undefined) throw new Error(`${path}:${open.line}: the code block has no end`);
  return { path, text, blocks, prose: prose.join('\n') };
}

function blockOf(at: string, info: string, lines: readonly string[]): Block {
  const [language = '', ...words] = info.trim().split(/\s+/);
  const attributes = words.map((word) => {
    const end = word.indexOf('=');
    return end === -1 ? [word, ''] : [word.slice(0, end), word.slice(end + 1)];
  });
  return { at, language, attributes: Object.fromEntries(attributes), text: lines.join('\n') };
}

/** A link from one page to somewhere in the project. */
export interface Link {
  /** Page and line, for messages. */
  readonly at: string;
  readonly target: string;
  /** The file or directory, from the project's folder. */
  readonly path: string;
  readonly anchor: string | undefined;
}

/** The links of a page that stay within the project. */
export function linksOf(page: Page): readonly Link[] {
  return page.prose.split('\n').flatMap((line, index) =>
    [...line.replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^(https?|mailto):/.test(target))
      .map((target): Link => {
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? page.path : relative(root, resolve(root, dirname(page.path), file));
        return { at: `${page.path}:${index + 1}`, target, path, anchor };
      }),
  );
}

/** The anchors that GitHub and GitLab give to the headings of a page. */
export function anchorsOf(page: Page): readonly string[] {
  const seen = new Map<string, number>();
  return [...page.prose.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = '']) => {
    const slug = heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}
