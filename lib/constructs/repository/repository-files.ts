import { Lazy, TerraformStack, type ISynthesisSession, type ITerraformDependable } from 'cdktf';
import { addCustomSynthesis } from 'cdktf/lib/synthesize/synthesizer.js';
import { Construct } from 'constructs';
import { join } from 'node:path';

import { gitBlobId } from '../../model/delivery/blob';
import { sha256 } from '../../model/flux/gotk/flux-bundle';
import { type FileTree } from '../../model/manifest/file-tree';
import { type ProjectBranch } from '../../model/manifest/project-branch';
import { refuseSecrets } from '../../model/manifest/secret-scan/secret-scan';
import { ValidationError } from '../../model/validation-error';
import { assertLiteral } from '../terraform/literal';
import { allowedTexts } from './allowed-texts';
import { type DeliveredFile, type IBoundRepositoryDelivery, type IRepositoryDelivery } from './i-repository-delivery';
import { PathClaims } from './path-claims';
import { RepositoryOutput } from './repository-output';
import { targetDirectory, targetKey, targetSlug } from './repository-target';

/** Where files go, and how. */
export interface RepositoryFilesProps {
  /** Address, project and branch. */
  readonly target: ProjectBranch;
  /** How they get there. */
  readonly delivery: IRepositoryDelivery;
  /** The project as an argument of provider resources. */
  readonly projectId: string;
  /** What must exist before the first file. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * All files of one stack in one project. There is one per stack and project, directly below the stack, so that the
 * address of a file depends on its path alone and a construct can move without a file being deleted.
 */
export class RepositoryFiles extends Construct {
  /**
   * The files of the stack that a construct is in.
   *
   * @param props - where they go; the first call decides, later ones must say the same
   * @throws ValidationError when the same stack delivers to the same project in another way
   */
  public static of(scope: Construct, props: RepositoryFilesProps): RepositoryFiles {
    const stack = TerraformStack.of(scope);
    const id = `RepositoryFiles-${targetSlug(props.target)}`;
    const existing = stack.node.tryFindChild(id) as RepositoryFiles | undefined;
    if (existing === undefined) return new RepositoryFiles(stack, id, props);
    existing.assertSame(scope, props);
    return existing;
  }

  /** Another one with other files. */
  public readonly revision = Lazy.stringValue({ produce: () => this.digest() });
  private readonly files: DeliveredFile[] = [];
  private readonly disowned: string[] = [];
  private readonly bound: IBoundRepositoryDelivery;

  private constructor(
    stack: TerraformStack,
    id: string,
    private readonly props: RepositoryFilesProps,
  ) {
    super(stack, id);
    const { target, delivery, projectId, dependsOn } = props;
    const inventory = stack.node.id;
    PathClaims.of(this).claim(target, delivery.ownPaths(inventory), this.node.path);
    this.bound = delivery.bind({
      scope: this,
      target,
      projectId,
      dependsOn,
      inventory,
      files: this.files,
      disowned: this.disowned,
      treeDirectory: targetDirectory(target),
    });
    addCustomSynthesis(this, { onSynthesize: (session) => this.synthesize(stack, session) });
  }

  /**
   * Adds files.
   *
   * @returns what others depend on when they need the files
   * @throws ValidationError when somebody else writes one of them, or when there is a token or a secret in one
   */
  public write(scope: Construct, tree: FileTree, after: readonly ITerraformDependable[] = []): ITerraformDependable {
    for (const { path, content } of tree) {
      assertLiteral(path, scope.node.path, 'files');
      assertLiteral(content, scope.node.path, path);
    }
    refuseSecrets(scope.node.path, 'files', tree, [...allowedTexts(this)]);
    PathClaims.of(this).claim(this.props.target, tree.paths, scope.node.path);
    const files = [...tree].map((file) => ({ ...file, blob: gitBlobId(file.content) }));
    for (const file of files) this.files.push(file);
    if (after.length > 0) this.bound.waitFor(after);
    this.bound.add?.(files);
    return this.bound.dependable;
  }

  /**
   * Leaves paths to somebody else.
   *
   * @throws ValidationError when a path has a writer
   */
  public disown(scope: Construct, paths: readonly string[]): void {
    PathClaims.of(this).claim(this.props.target, paths, scope.node.path);
    for (const path of paths) this.disowned.push(path);
  }

  private digest(): string {
    const lines = this.files.map(({ path, blob, executable, policy }) =>
      policy === 'seed' ? `${path} seed` : `${path} ${blob} ${executable === true}`,
    );
    return `sha256:${sha256([...lines, ...this.disowned].sort().join('\n'))}`;
  }

  private assertSame(scope: Construct, { target, delivery }: RepositoryFilesProps): void {
    const at = scope.node.path;
    if (targetKey(target) !== targetKey(this.props.target)) {
      throw new ValidationError({
        at,
        prop: 'project',
        got: targetKey(target),
        want: `a path that differs from the one of ${targetKey(this.props.target)}`,
      });
    }
    if (delivery.description !== this.props.delivery.description) {
      throw new ValidationError({
        at,
        prop: 'delivery',
        got: delivery.description,
        want: `${this.props.delivery.description}, as elsewhere in this stack for ${target.path}`,
      });
    }
  }

  private synthesize(stack: TerraformStack, session: ISynthesisSession): void {
    const { outdir } = session;
    RepositoryOutput.of(this).write(
      session,
      targetDirectory(this.props.target),
      this.files,
      targetKey(this.props.target),
    );
    const workingDirectory = join(outdir, session.manifest.forStack(stack).workingDirectory);
    this.bound.synthesize?.(outdir, workingDirectory);
  }
}
