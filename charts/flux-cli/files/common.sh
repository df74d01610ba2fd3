#!/bin/sh
# Common to both Jobs, put in front of their scripts; runs as `sh -eu`.
#
# Environment: NAMESPACE (of the release and of Flux), BINDING (the ClusterRoleBinding of this Job), MARKER
# (the ConfigMap that says that the bootstrap succeeded), SECONDS_TO_ACT, and a writable HOME.
#
# Kubernetes replaces a dollar sign with a word in parentheses, and two dollar signs, in what it passes to a
# container. No script may hold either: functions set variables instead of being substituted.

log() {
  printf 'flux-cli: %s\n' "$*"
}

fail() {
  log "failed: $*" >&2
  exit 1
}

# No call of the API may hang. The namespace is that of the Pod where no other is given.
kube() {
  timeout 30 kubectl "$@"
}

kustomizations=kustomizations.kustomize.toolkit.fluxcd.io

# On Kustomizations that an uninstall suspended.
frozen=flux-cli/suspended-by

# Patches an object of Flux. As the manager `flux`, because kustomize-controller reverts what kubectl changes.
patch() {
  kube patch "$1" "$2" --namespace="$3" --type=merge --field-manager=flux --patch="$4" >/dev/null
}

# Sets `left`, the seconds that are left to act; false when there are none.
deadline=$(($(date +%s) + SECONDS_TO_ACT))
left=$SECONDS_TO_ACT
time_left() {
  left=$((deadline - $(date +%s)))
  [ "$left" -gt 0 ]
}

# Runs a program such that a signal to the shell is handled at once, not only when the program has ended.
child=
run() {
  "$@" &
  wait_for_child
}

# Waits for the program that was started last, and returns what it returned.
wait_for_child() {
  child=$!
  result=0
  wait "$child" || result=$?
  child=
  return "$result"
}

pause() {
  run sleep "$1"
}

# What a script must undo however it ends; scripts that have something to undo define it again.
# shellcheck disable=SC2317 # the trap calls it
undo() {
  :
}

# The end of every run, also when Kubernetes kills the Job at its deadline. The binding is the last to go: without it
# nothing else would be allowed.
finish() {
  status=$?
  trap - EXIT
  trap '' TERM INT
  if [ -n "$child" ]; then
    kill "$child" || :
    wait "$child" || :
  fi
  undo || status=1
  kube delete clusterrolebinding "$BINDING" --ignore-not-found --wait=false >/dev/null || status=1
  exit "$status"
}
trap finish EXIT
trap 'exit 143' TERM INT

# Kustomizations that an uninstall suspended which did not come to its end. flux waits for the root to reconcile.
resume_frozen() {
  found=$(kube get crd "$kustomizations" --ignore-not-found --output=name)
  [ -n "$found" ] || return 0
  kube get "$kustomizations" --all-namespaces --selector="$frozen=uninstall" \
    --output=go-template='{{range .items}}{{.metadata.name}} {{.metadata.namespace}}{{"\n"}}{{end}}' >"$HOME/frozen"
  while read -r name ns; do
    log "resuming Kustomization $ns/$name, which an uninstall suspended"
    patch "$kustomizations" "$name" "$ns" \
      '{"metadata":{"labels":{"'"$frozen"'":null}},"spec":{"suspend":false}}'
  done <"$HOME/frozen"
}

# Waits about twice as long each time, at most a minute; the random part keeps clusters that bootstrap at the same
# time from meeting again.
delay=2
back_off() {
  pause "$((delay + $(od -An -N2 -tu2 /dev/urandom) % delay))"
  delay=$((delay * 2))
  [ "$delay" -le 30 ] || delay=30
}

# Remembers that this release installed Flux: only then it may remove it.
record() {
  kube apply --filename=- >/dev/null <<EOF
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "$MARKER"}, "data": {"namespace": "$NAMESPACE"}}
EOF
}

# The network of a new Pod, and its rights, may take a moment.
until kube auth can-i '*' '*' --all-namespaces --quiet; do
  time_left || fail "this Job has no access to the Kubernetes API as cluster-admin"
  pause 2
done
