#!/bin/sh
# Brings to a cluster what changed of its Flux objects below clusters/flux-common, and nothing else.
#
#   apply-changed.sh apply CLUSTER [CONTEXT]   applies what changed since the commit that the cluster has
#   apply-changed.sh diff CLUSTER [CONTEXT]    shows what a merge request would change
#
# Which commit the cluster has is recorded there, after success only: whatever failed, was cancelled or skipped is done by
# the next run. An object says by its label for which cluster it is; names of files mean nothing.
#
# Environment: KUBECONFIG, FLUX_MAX_DELETES, FLUX_WAIT_SECONDS, and what GitLab CI sets. CONTEXT is one of the kubeconfig.
# Programs: git, kubectl, and those that busybox has.
set -eu

command=$1
cluster=$2
context=${3:-}
max_deletes=${FLUX_MAX_DELETES:-20}
wait_seconds=${FLUX_WAIT_SECONDS:-600}

directory=clusters/flux-common
cluster_label=gitlab-flux/cluster
component_label=gitlab-flux/component # Namespaces have none: they outlive their component
namespace=flux-system
manager=gitlab-flux-pipeline
record=gitlab-flux-applied
no_access=78 # the job then passes with a warning

kustomizations=kustomizations.kustomize.toolkit.fluxcd.io
git_repositories=gitrepositories.source.toolkit.fluxcd.io
# The kinds that a cluster's files have, but Namespaces.
kinds_applied='configmaps|(gitrepositories|helmcharts|helmrepositories|ocirepositories)\.source\.toolkit\.fluxcd\.io|kustomizations\.kustomize\.toolkit\.fluxcd\.io|helmreleases\.helm\.toolkit\.fluxcd\.io'
# What this script removes, in its namespace: first what deploys workloads, and when that is gone, what it needed. No
# Namespaces.
deploying="^(Kustomization\\.kustomize|HelmRelease\\.helm)\\.toolkit\\.fluxcd\\.io $namespace "
supplying="^(ConfigMap|[A-Za-z]+\\.source\\.toolkit\\.fluxcd\\.io) $namespace "

log() {
  printf '%s: %s\n' "$cluster" "$*"
}

fail() {
  log "failed: $*" >&2
  exit 1
}

# SECONDS ARGUMENT...: calls kubectl, and again when the API could not be reached. Everything it is used for can be done
# twice.
kube() {
  seconds=$1
  shift
  attempt=1
  while :; do
    status=0
    timeout "$seconds" kubectl --cache-dir="$work/cache" ${context:+"--context=$context"} "$@" \
      >"$work/stdout" 2>"$work/stderr" || status=$?
    if [ "$status" -eq 0 ] || [ "$attempt" -eq 4 ] || ! is_transport_error; then
      break
    fi
    log "the API cannot be reached, trying again" >&2
    sleep $((attempt * attempt))
    attempt=$((attempt + 1))
  done
  # Discovery complains once for each try.
  grep -v 'memcache.go' "$work/stderr" >&2 || :
  cat "$work/stdout"
  return "$status"
}

is_transport_error() {
  grep -Eq 'connection refused|connection reset|i/o timeout|handshake timeout|no such host|no route to host|network is unreachable|EOF$|http2: |context deadline exceeded|Client\.Timeout|unable to handle the request|Service ?Unavailable|Too ?Many ?Requests|etcdserver' \
    "$work/stderr"
}

# Without access there is nothing that could be done: GitLab has no credential yet, or not for this branch.
has_access() {
  if [ -n "$context" ]; then
    kubectl config get-contexts "$context" >/dev/null 2>&1
  else
    [ -s "${KUBECONFIG:-}" ]
  fi
}

# Sets `root`, the uid of the Kustomization that applies the cluster's own directory: where it is, Flux is complete.
# False when it is not there.
find_flux() {
  if kube 60 get "$kustomizations" "$namespace" --namespace="$namespace" --ignore-not-found \
    --output=jsonpath='{.metadata.uid}' >"$work/root" 2>"$work/problem"; then
    root=$(cat "$work/root")
    [ -n "$root" ]
  elif grep -q "the server doesn't have a resource type" "$work/problem"; then
    return 1
  else
    cat "$work/problem" >&2
    fail "the cluster cannot be read; nothing was changed"
  fi
}

# The files of a new cluster are in Git before Flux is on it.
wait_for_flux() {
  deadline=$(($(date +%s) + wait_seconds))
  until find_flux; do
    [ "$(date +%s)" -lt "$deadline" ] || fail "Flux is not there after $wait_seconds s; run this job again when it is"
    log "waiting for Flux"
    sleep 5
  done
}

# Sets `recorded`, the commit that the cluster has, and `version`, that of the record; empty when there is none.
read_record() {
  kube 60 get configmap "$record" --namespace="$namespace" --ignore-not-found \
    --output=jsonpath='{.data.commit} {.metadata.resourceVersion}' >"$work/record"
  recorded=
  version=
  read -r recorded version <"$work/record" || :
}

# Fails when somebody else has written the record meanwhile: then both have applied at once, and nobody knows what the
# cluster has.
write_record() {
  cat >"$work/record.json" <<END
{"apiVersion": "v1", "kind": "ConfigMap",
 "metadata": {"name": "$record", "namespace": "$namespace", "resourceVersion": "$version", "ownerReferences":
   [{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "name": "$namespace", "uid": "$root"}]},
 "data": {"commit": "$target", "pipeline": "${CI_PIPELINE_URL:-}"}}
END
  if [ -n "$version" ]; then
    kube 60 patch configmap "$record" --namespace="$namespace" --type=merge --patch-file="$work/record.json" >/dev/null
  else
    kube 60 create --filename="$work/record.json" >/dev/null
  fi || {
    kube 60 delete configmap "$record" --namespace="$namespace" --ignore-not-found >/dev/null || :
    fail "the commit could not be recorded; the next run applies everything"
  }
}
