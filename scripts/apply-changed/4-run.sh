compare() {
  compare_files "$CI_MERGE_REQUEST_DIFF_BASE_SHA" "$CI_COMMIT_SHA"
  read_objects after changed || fail "a file cannot be read"
  read_objects after after || fail "a file cannot be read"
  read_objects before replaced || log "not all that is replaced can be read"
  subtract replaced after
  log "what would be applied (+) and deleted (-):"
  awk '{ print "  + " $1 " " $3 }' "$work/changed.objects"
  grep -E "$deploying|$supplying" "$work/gone" | awk '{ print "  - " $1 " " $3 }'
  [ -s "$work/changed.objects" ] || return 0
  if ! has_access; then
    log "no comparison with the cluster: there is no credential here"
    exit "$no_access"
  fi
  status=0
  kube 600 diff --server-side --force-conflicts --field-manager="$manager" --recursive --filename="$work/changed" \
    --selector="$cluster_label=$cluster" || status=$?
  # 1 says that there are differences.
  [ "$status" -le 1 ] || fail "the comparison with the cluster failed"
}

# The checkout may belong to another user than the job.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
cd "$(git rev-parse --show-toplevel)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT
case $max_deletes in
  '' | *[!0-9]*) fail "FLUX_MAX_DELETES has to be a number, not '$max_deletes'" ;;
esac
case $command in
  apply) apply ;;
  diff) compare ;;
  *) fail "unknown command $command" ;;
esac
