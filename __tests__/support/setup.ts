// Tests reach nothing of the user's: no Terraform checkpoint, no colours, no credentials from the environment.
process.env['CHECKPOINT_DISABLE'] = '1';
process.env['NO_COLOR'] = '1';
for (const name of ['GITLAB_TOKEN', 'GITLAB_BASE_URL', 'GITLAB_URL', 'KUBECONFIG', 'KUBE_CONFIG_PATH', 'FORCE_COLOR']) {
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an unset variable differs from an empty one
  delete process.env[name];
}
