# Applying to the cluster what Git says.

# Namespaces first. What cannot be applied does not keep the rest from being applied.
apply_objects() {
  result=0
  if grep -q ' -$' "$work/changed.objects"; then
    apply_selected "!$component_label" || result=1
  fi
  if grep -qv ' -$' "$work/changed.objects"; then
    apply_selected "$component_label" || result=1
  fi
  return "$result"
}

apply_selected() {
  kube 1800 apply --server-side --force-conflicts --field-manager="$manager" --recursive --filename="$work/changed" \
    --selector="$cluster_label=$cluster,$1" 2>"$work/problem" && return
  sed "s|$work/changed/|$directory/|" "$work/problem" >&2
  return 1
}

# Writes to $work/gone what has to be deleted: what was there before and is in no file now.
list_gone() {
  if [ -n "$recorded" ]; then
    read_objects before replaced || fail "$recorded cannot be read: delete the ConfigMap $record to apply everything"
    subtract replaced changed
    [ -s "$work/gone" ] || return 0
    # It may have moved to a file that has it already.
    read_objects after after || fail "nothing was deleted or recorded"
    subtract replaced after
  else
    list_cluster_objects
    subtract cluster changed
    if [ -s "$work/gone" ] && ! [ -s "$work/changed.objects" ]; then
      cat "$work/gone"
      fail "these objects are on the cluster, but no file in $directory is for it: they are not deleted"
    fi
  fi
}

# A B: the objects of A that are not among those of B.
subtract() {
  for list in "$1" "$2"; do
    cut -d ' ' -f 1-3 "$work/$list.objects" | sort -u >"$work/$list.identities"
  done
  sort "$work/$1.identities" "$work/$2.identities" "$work/$2.identities" | uniq -u >"$work/gone"
}

# What the cluster has from this script.
list_cluster_objects() {
  kube 60 api-resources --namespaced --output=name >"$work/kinds"
  kinds=$(grep -xE "$kinds_applied" "$work/kinds" | tr '\n' ',')
  kube 60 get "${kinds%,}" --namespace="$namespace" --selector="$cluster_label=$cluster" --output=go-template='
{{- range .items}}{{.apiVersion}} {{.kind}} {{.metadata.namespace}} {{.metadata.name}} -
{{end}}' >"$work/read"
  normalize cluster
}

delete_gone() {
  grep -E "$deploying|$supplying" "$work/gone" >"$work/deleted" || return 0
  count=$(wc -l <"$work/deleted")
  if [ "$count" -gt "$max_deletes" ]; then
    cat "$work/deleted"
    fail "$count objects would be deleted, more than $max_deletes: run it with FLUX_MAX_DELETES=$count if that is right"
  fi
  delete_matching "$deploying"
  delete_matching "$supplying"
}

# PATTERN: deletes those of the objects and waits until they are gone, with what Flux deployed for them.
delete_matching() {
  grep -E "$1" "$work/deleted" >"$work/matching" || return 0
  set --
  while read -r kind _ name; do
    set -- "$@" "$kind/$name"
  done <"$work/matching"
  kube 1800 delete "$@" --namespace="$namespace" --ignore-not-found --timeout=15m ||
    fail "not everything is deleted; the next run goes on with it"
}

# Asks Flux to fetch the sources of what changed below systems/. Overlays of other clusters do not count.
request_reconciliation() {
  selector=$cluster_label=$cluster
  if [ -n "$recorded" ]; then
    git diff --name-only --no-renames -z "$recorded" "$target" -- systems >"$work/files"
    components=$(tr '\0' '\n' <"$work/files" | awk -F/ -v cluster="$cluster" '
      NF > 2 && !($3 == "overlays" && NF > 4 && $4 != cluster) && !seen[$2]++ { list = list "," $2 }
      END { print substr(list, 2) }')
    [ -n "$components" ] || return 0
    selector="$selector,$component_label in ($components)"
  fi
  kube 60 annotate "$git_repositories" --namespace="$namespace" --selector="$selector" --overwrite \
    --field-manager="$manager-request" "reconcile.fluxcd.io/requestedAt=$(date +%s)"
}

# Sets `target`, the commit to apply, and empties `recorded` when everything has to be applied. False when there is
# nothing to do: an old job that runs again must not turn the cluster back.
choose_target() {
  git fetch --quiet origin "$CI_COMMIT_BRANCH" || fail "$CI_COMMIT_BRANCH cannot be fetched"
  tip=$(git rev-parse FETCH_HEAD)
  target=$CI_COMMIT_SHA
  if [ -z "$recorded" ]; then
    log "no commit is recorded on the cluster: applying all of $tip"
    target=$tip
  elif ! is_ancestor "$recorded" "$tip"; then
    log "$recorded, which the cluster has, is no longer on $CI_COMMIT_BRANCH: applying all of $tip"
    recorded=
    target=$tip
  elif ! is_ancestor "$target" "$tip"; then
    log "$target is no longer on $CI_COMMIT_BRANCH: nothing to do"
    return 1
  elif [ "$target" = "$recorded" ] || ! is_ancestor "$recorded" "$target"; then
    log "the cluster already has $recorded: nothing to do"
    return 1
  else
    log "applying what changed from $recorded to $target"
  fi
}

is_ancestor() {
  git merge-base --is-ancestor "$1" "$2" 2>/dev/null
}

apply() {
  if ! has_access; then
    log "skipped: GitLab CI has no credential for this cluster"
    exit "$no_access"
  fi
  wait_for_flux
  read_record
  choose_target || exit 0
  if [ -n "$recorded" ]; then
    compare_files "$recorded" "$target"
  else
    list_files "$target" after
    cp "$work/after.files" "$work/changed.files"
  fi
  complete=true
  read_objects after changed || complete=false
  apply_objects || complete=false
  [ "$complete" = true ] || fail "not everything could be applied; nothing was deleted or recorded, run it again"
  list_gone
  delete_gone
  request_reconciliation
  write_record
  log "has $target now"
}
