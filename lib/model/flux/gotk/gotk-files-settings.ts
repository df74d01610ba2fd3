/** Who writes `gotk-components.yaml` and `gotk-sync.yaml`. */
export interface GotkFilesSettings {
  /**
   * Who writes the files of Flux itself into the GitOps repository.
   *
   * - `flux`: the flux CLI, in a Job on the cluster, with a token that can push.
   * - `terraform`: Terraform, as all other files. No token that can push comes to the cluster; the manifests of the
   *   release have to be in your repository (`gitlab-flux vendor flux`).
   *
   * @default 'flux'
   */
  readonly gotkFiles?: 'flux' | 'terraform';
  /**
   * Directory with the manifests of the release, for `gotkFiles: 'terraform'`.
   *
   * @default 'vendor/flux/<version>'
   */
  readonly fluxBundle?: string;
}
