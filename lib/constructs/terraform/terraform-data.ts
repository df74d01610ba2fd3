import { dependable, type ITerraformDependable, TerraformResource, type TerraformMetaArguments } from 'cdktf';
import { type Construct } from 'constructs';

import { escapeAll } from './literal';

/** What a {@link TerraformData} holds. */
export interface TerraformDataProps extends TerraformMetaArguments {
  /**
   * A value that is stored in the state. Changing it updates the resource in place.
   *
   * @default - nothing is stored
   */
  readonly input?: unknown;
  /**
   * A value that is stored in the state. Changing it replaces the resource, so that its provisioners run again.
   *
   * @default - the resource is never replaced
   */
  readonly triggersReplace?: unknown;
}

/**
 * Terraform's own `terraform_data`, which needs no provider.
 *
 * In place of CDKTF's `TerraformDataResource`, which runs the terraform binary at synth to ask for its version.
 */
export class TerraformData extends TerraformResource {
  /** Type of the resource. */
  public static readonly tfResourceType = 'terraform_data';

  private readonly input: unknown;
  private readonly triggersReplace: unknown;

  constructor(scope: Construct, id: string, props: TerraformDataProps = {}) {
    const { input, triggersReplace, ...meta } = escapeAll(props);
    super(scope, id, { terraformResourceType: TerraformData.tfResourceType, ...meta });
    this.input = input;
    this.triggersReplace = triggersReplace;
  }

  /**
   * Adds to what must exist before.
   *
   * @param what - resources that do not depend on this one
   */
  public waitFor(what: readonly ITerraformDependable[]): void {
    this.dependsOn = [...new Set([...(this.dependsOn ?? []), ...what.map(dependable)])];
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { input: this.input, triggers_replace: this.triggersReplace };
  }

  // `cdktf synth --hcl` asks here.
  protected override synthesizeHclAttributes(): Record<string, unknown> {
    const attributes = Object.entries(this.synthesizeAttributes()).filter(([, value]) => value !== undefined);
    return Object.fromEntries(
      attributes.map(([name, value]) => [name, { value, isBlock: false, type: 'map', storageClassType: 'anyMap' }]),
    );
  }
}
