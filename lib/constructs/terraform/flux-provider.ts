import { type TerraformMetaArguments, TerraformProvider, TerraformResource } from 'cdktf';
import { type Construct } from 'constructs';

import { escapeAll, isPlain } from './literal';

const METADATA = { providerName: 'flux', providerVersionConstraint: '~> 1.8' };

/** Arguments of the provider `fluxcd/flux` by their names in camel case. */
export interface FluxProviderProps {
  /** Name of the configuration. */
  readonly alias: string;
  /** How the provider reaches the cluster. */
  readonly kubernetes: object;
  /** How it reaches the repository. */
  readonly git: object;
}

/**
 * The Terraform provider `fluxcd/flux`.
 *
 * @see https://registry.terraform.io/providers/fluxcd/flux/1.8.5/docs
 */
export class FluxProvider extends TerraformProvider {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: FluxProviderProps,
  ) {
    super(scope, id, {
      terraformResourceType: 'flux',
      terraformProviderSource: 'registry.terraform.io/fluxcd/flux',
      terraformGeneratorMetadata: METADATA,
    });
  }

  /** Name of the configuration. */
  public override get alias(): string {
    return this.props.alias;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { git, kubernetes, alias } = escapeAll(this.props);
    return { ...attributesOf({ kubernetes, git }), alias };
  }

  // `cdktf synth --hcl` asks here.
  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributesOf(this.synthesizeAttributes());
  }
}

/** Arguments of every resource, and those of `flux_bootstrap_git` by their names in camel case. */
export type BootstrapGitProps = TerraformMetaArguments & Readonly<Record<string, unknown>>;

/**
 * The resource `flux_bootstrap_git`.
 *
 * @see https://registry.terraform.io/providers/fluxcd/flux/1.8.5/docs/resources/bootstrap_git
 */
export class BootstrapGit extends TerraformResource {
  private readonly attributes: Record<string, unknown>;

  constructor(scope: Construct, id: string, props: BootstrapGitProps) {
    const { provider, dependsOn, count, forEach, lifecycle, provisioners, connection, ...values } = escapeAll(props);
    const meta = { provider, dependsOn, count, forEach, lifecycle, provisioners, connection };
    super(scope, id, {
      terraformResourceType: 'flux_bootstrap_git',
      terraformGeneratorMetadata: METADATA,
      ...(meta as TerraformMetaArguments),
    });
    this.attributes = attributesOf(values);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.attributes;
  }

  // `cdktf synth --hcl` asks here.
  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributesOf(this.attributes);
  }
}

/** Arguments as Terraform reads them. A map by names of the user has to come as an override. */
function attributesOf(values: object): Record<string, unknown> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]: [string, unknown]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      isPlain(value) ? attributesOf(value) : value,
    ]),
  );
}

function hclAttributesOf(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      { value, isBlock: false, type: 'map', storageClassType: 'anyMap' },
    ]),
  );
}
