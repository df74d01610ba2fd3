#!/bin/sh
# Common to all Jobs, put in front of their scripts; runs as `sh -eu`, with the Job's name as $0.
#
# Environment: NAMESPACE (of the release), SECONDS_TO_ACT and a writable HOME. Those that install and remove Flux also
# have BINDING (the ClusterRoleBinding of the Job) and MARKER (the ConfigMap that says that this release installed Flux).
#
# Kubernetes replaces a dollar sign with a word in parentheses, and two dollar signs, in what it passes to a
# container. No script may hold either: functions set variables instead of being substituted.

log() {
  printf '%s: %s\n' "$0" "$*"
}

fail() {
  log "failed: $*" >&2
  exit 1
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

# One call of the API, which may not hang. The namespace is that of the Pod where no other is given.
kube() {
  timeout 30 kubectl "$@"
}

# Repeats until it succeeds, for as long as there is time. Every call of the API may fail (the network of a new Pod, its
# rights, a server that restarts), so each is either made like this or in a loop that is repeated as a whole.
insist() {
  until "$@"; do
    time_left || fail "the Kubernetes API did not do within $SECONDS_TO_ACT s what it was asked last"
    pause 2
  done
}

# Sets `answer` to what the API answers.
ask() {
  insist set_answer "$@"
}
set_answer() {
  answer=$(kube "$@")
}

kustomizations=kustomizations.kustomize.toolkit.fluxcd.io
helm_releases=helmreleases.helm.toolkit.fluxcd.io

# Whether the last call failed because there is no such object, or kind.
: >"$HOME/error"
is_gone() {
  grep -q "NotFound\|doesn't have a resource type" "$HOME/error"
}

# What an object of Flux says of itself.
ready='{{if .spec.suspend}}it is suspended. {{end}}{{range .status.conditions}}{{if eq .type "Ready"}}{{.message}}{{"\n"}}{{end}}{{end}}'

# Patches an object of Flux, unless it is gone. As the manager `flux`, because kustomize-controller reverts what kubectl
# changes.
patch() {
  kube patch "$1" "$2" --namespace="$3" --type=merge --field-manager=flux --patch="$4" >/dev/null 2>"$HOME/error" ||
    is_gone || {
    cat "$HOME/error" >&2
    return 1
  }
}

# What a script must undo however it ends; scripts that have something to undo define it again.
undo() {
  :
}

# Without the binding nothing more is allowed, not even to look whether it is gone.
give_up_rights() {
  for wait_before in 0 2 5; do
    sleep "$wait_before"
    kube delete clusterrolebinding "$BINDING" --ignore-not-found --wait=false >/dev/null 2>"$HOME/error" && return 0
    ! grep -q Forbidden "$HOME/error" || return 0
  done
  cat "$HOME/error" >&2
  log "could not delete the ClusterRoleBinding $BINDING" >&2
  return 1
}

# The end of every run, also when Kubernetes kills the Job at its deadline. The binding is the last to go. Whatever ends
# without this, and so without the exit code 3, Kubernetes runs again.
finish() {
  status=$?
  [ "$status" = 0 ] || status=3
  trap - EXIT
  trap '' TERM INT
  if [ -n "$child" ]; then
    kill "$child" || :
    wait "$child" || :
  fi
  undo || status=3
  [ -z "${BINDING:-}" ] || give_up_rights || status=3
  exit "$status"
}
trap finish EXIT
trap 'exit 143' TERM INT

# Waits about twice as long each time, at most a minute; the random part keeps clusters that bootstrap at the same
# time from meeting again.
delay=2
back_off() {
  pause "$((delay + $(od -An -N2 -tu2 /dev/urandom) % delay))"
  delay=$((delay * 2))
  [ "$delay" -le 30 ] || delay=30
}

# What follows is for those that install and remove Flux.

wait_for_access() {
  until kube auth can-i '*' '*' --all-namespaces --quiet; do
    time_left || fail "this Job has no access to the Kubernetes API as cluster-admin"
    pause 2
  done
}

# On Kustomizations that an uninstall suspended.
frozen=flux-cli/suspended-by

# Kustomizations that an uninstall suspended which did not come to its end. flux waits for the root to reconcile.
resume_frozen() {
  ask get crd "$kustomizations" --ignore-not-found --output=name
  [ -n "$answer" ] || return 0
  ask get "$kustomizations" --all-namespaces --selector="$frozen=uninstall" \
    --output=go-template='{{range .items}}{{.metadata.name}} {{.metadata.namespace}}{{"\n"}}{{end}}'
  printf '%s\n' "$answer" >"$HOME/frozen"
  while read -r name ns; do
    [ -n "$name" ] || continue
    log "resuming Kustomization $ns/$name, which an uninstall suspended"
    insist patch "$kustomizations" "$name" "$ns" \
      '{"metadata":{"labels":{"'"$frozen"'":null}},"spec":{"suspend":false}}'
  done <"$HOME/frozen"
}

# Remembers that this release installed Flux: only then it may remove it.
record() {
  insist write_marker
}
write_marker() {
  kube apply --filename=- >/dev/null <<EOF
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "$MARKER"}, "data": {"namespace": "$NAMESPACE"}}
EOF
}

# Makes Flux read Git now.
read_git() {
  run flux reconcile source git "$NAMESPACE" --namespace="$NAMESPACE" --timeout=30s
}

# Makes Flux read Git and waits until it has applied what it has read, and runs as that says. With other writers it
# reads one revision after the other, and each of them will do. It is not asked to apply: while its controllers are
# being replaced, the new one would look for the copy of Git that went with the old one.
catch_up() {
  end=$(($(date +%s) + SECONDS_PER_ATTEMPT))
  until read_git; do
    attempt_goes_on || return 1
    pause 2
  done
  revisions=' '
  while attempt_goes_on; do
    if look_at_root; then
      log "applied $applied"
      wait_for_controllers
      return
    fi
    pause 2
  done
  [ "$revisions" != ' ' ] || revisions=' nothing '
  log "Flux has read${revisions}from Git, and applied nothing of it:"
  kube get "$kustomizations" "$NAMESPACE" --namespace="$NAMESPACE" --output=go-template="$ready" || :
  return 1
}
attempt_goes_on() {
  time_left && [ "$(date +%s)" -lt "$end" ]
}
look_at_root() {
  revision=$(kube get gitrepositories.source.toolkit.fluxcd.io "$NAMESPACE" --namespace="$NAMESPACE" \
    --output=jsonpath='{.status.artifact.revision}') || return 1
  case $revisions in
    *" $revision "*) ;;
    *) [ -z "$revision" ] || revisions="$revisions$revision " ;;
  esac
  applied=$(kube get "$kustomizations" "$NAMESPACE" --namespace="$NAMESPACE" \
    --output=jsonpath='{.status.lastAppliedRevision}') || return 1
  case $revisions in
    *" ${applied:-none} "*) return 0 ;;
  esac
  return 1
}

wait_for_controllers() {
  controllers=$(kube get deployments --namespace="$NAMESPACE" --output=name \
    --selector=app.kubernetes.io/part-of=flux) || return 1
  for controller in $controllers; do
    time_left || return 1
    run timeout "$left" kubectl rollout status "$controller" --namespace="$NAMESPACE" --timeout="${left}s" || return 1
  done
}

# What follows is for those that remove what Flux deployed, in the reverse order of dependencies.

# The objects that deploy workloads, and what must go after them, one fact a line:
#   object OBJECT here|leaving
#   needs OBJECT OTHER     it names the other one in dependsOn, takes values that it brings, or was applied by it
#   checks OBJECT OTHER    it names the other one in its health checks
# An object is KIND/NAMESPACE/NAME.
# shellcheck disable=SC2016 # the dollars are those of the template
facts='{{range .items}}{{$kind := .kind}}{{$ns := .metadata.namespace}}
{{- $me := printf "%s/%s/%s" $kind $ns .metadata.name}}object {{$me}} {{if .metadata.deletionTimestamp}}leaving{{else}}here{{end}}
{{range .spec.dependsOn}}needs {{$me}} {{$kind}}/{{or .namespace $ns}}/{{.name}}
{{end}}{{range .spec.healthChecks}}checks {{$me}} {{.kind}}/{{or .namespace $ns}}/{{.name}}
{{end}}{{range .spec.valuesFrom}}needs {{$me}} Kustomization/{{$ns}}/{{.name}}
{{end}}{{with .metadata.labels}}{{$owner := index . "kustomize.toolkit.fluxcd.io/name"}}
{{- $owner_ns := index . "kustomize.toolkit.fluxcd.io/namespace"}}
{{- if $owner}}needs {{$me}} Kustomization/{{$owner_ns}}/{{$owner}}
{{end}}{{end}}{{end}}'

# Writes the facts about some kinds to a file; false when the API did not answer. The first argument says where to look.
gather_facts() {
  where=$1
  shift
  : >"$HOME/facts"
  for kind in "$@"; do
    if kube get "$kind" "$where" --output=go-template="$facts" >"$HOME/found" 2>"$HOME/error"; then
      cat "$HOME/found" >>"$HOME/facts"
    else
      is_gone || return 1
    fi
  done
}

# From facts to a plan: STATE OBJECT for each object but the roots, which are the arguments. State is
#   next      nothing that is still here needs it: it can go
#   leaving   it is going
#   waits     something that is still here needs it
#   cycle     instead of waits, when nothing else moves
make_plan() {
  awk -v roots="$*" '
    BEGIN { split(roots, each, " "); for (i in each) root[each[i]] }
    $1 == "object" && !($2 in root) { here[$2] = $3 }
    $1 == "needs" { needs[$2, $3] }
    $1 == "checks" { checks[$2, $3] }
    END {
      # A Kustomization that applied what it checks goes after it, not before.
      for (pair in checks) { split(pair, end, SUBSEP); if (!((end[2], end[1]) in needs)) needs[pair] }
      for (pair in needs) { split(pair, end, SUBSEP); if ((end[1] in here) && end[1] != end[2]) needed[end[2]] }
      moves = 0
      for (object in here) {
        state[object] = here[object] == "leaving" ? "leaving" : object in needed ? "waits" : "next"
        if (state[object] != "waits") moves = 1
      }
      for (object in here) print moves ? state[object] : "cycle", object
    }' <"$HOME/facts" | sort
}

# Splits an object into `resource`, `name` and `ns`.
parse() {
  case $1 in
    Kustomization/*) resource=$kustomizations ;;
    *) resource=$helm_releases ;;
  esac
  name=${1##*/}
  ns=${1#*/}
  ns=${ns%/*}
}

explain() {
  parse "$1"
  message=$(kube get "$resource" "$name" --namespace="$ns" --ignore-not-found --output=go-template="$ready") || :
  echo "  $1 ($2): $message"
}
