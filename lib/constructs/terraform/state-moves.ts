import { TerraformElement } from 'cdktf';
import { type Construct } from 'constructs';

import { escapeAll } from './literal';

/** What Terraform's state takes up or lets go of, without anything being created, changed or deleted for it. */
export type StateMove =
  | { readonly kind: 'import'; readonly address: string; readonly id: string }
  | { readonly kind: 'removed'; readonly address: string };

/** `import` and `removed` blocks of a stack. */
export class StateMoves extends TerraformElement {
  /** @param moves - asked when the app is synthesized */
  constructor(
    scope: Construct,
    id: string,
    private readonly moves: () => readonly StateMove[],
  ) {
    super(scope, id);
  }

  /** The blocks as Terraform reads them. */
  public override toTerraform(): object {
    const blocks: Record<string, object[]> = {};
    for (const move of this.moves()) {
      const block =
        move.kind === 'import'
          ? { to: move.address, id: move.id }
          : { from: move.address, lifecycle: { destroy: false } };
      (blocks[move.kind] ??= []).push(block);
    }
    return escapeAll(blocks);
  }
}
