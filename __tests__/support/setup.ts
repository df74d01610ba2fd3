// Tests reach nothing of the user's: no Terraform checkpoint, no colours, no credentials from the environment.
process.env['CHECKPOINT_DISABLE'] = '1';
process.env['NO_COLOR'] = '1';
for (const name of ['GITLAB_TOKEN', 'GITLAB_BASE_URL', 'GITLAB_URL', 'KUBECONFIG', 'KUBE_CONFIG_PATH', 'FORCE_COLOR']) {
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an unset variable differs from an empty one
  delete process.env[name];
}

// CDKTF takes the whole stack for each of its tokens, and Jest maps each frame to its source, which is a third of the
// time of a synthesis. Nobody reads it; every other stack stays.
const capture = Error.captureStackTrace.bind(Error);
Error.captureStackTrace = (error, below) => {
  if (Error.stackTraceLimit !== Number.MAX_SAFE_INTEGER) capture(error, below);
};
