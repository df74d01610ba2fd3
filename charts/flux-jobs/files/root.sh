#!/bin/sh
# Waits until Flux has applied what was in Git when this Job began, or says in Flux's own words why it has not.
#
# Environment: that of common.sh, ROOTS (NAMESPACE/NAME of Kustomizations, those first that bring others), and
# SECONDS_OF_PATIENCE (for how long Flux may fail; it is asked to try again meanwhile).

sources=gitrepositories.source.toolkit.fluxcd.io

# GENERATION SUSPENDED, NAMESPACE NAME of the source, OBSERVED HANDLED, what was read or applied, the condition Ready with
# the generation that it is about, and its message, which may have lines.
# shellcheck disable=SC2016 # the dollars are those of the template
facts='{{$ns := .metadata.namespace}}{{.metadata.generation}} {{.spec.suspend}}
{{with .spec.sourceRef}}{{or .namespace $ns}} {{.name}}{{end}}
{{with .status}}{{.observedGeneration}} {{.lastHandledReconcileAt}}{{end}}
{{with .status}}{{with .artifact}}{{.revision}}{{end}}{{with .lastAppliedRevision}}{{.}}{{end}}{{end}}
{{range .status.conditions}}{{if eq .type "Ready"}}{{.status}} {{.observedGeneration}}
{{.message}}{{end}}{{end}}
'

# Reads an object. False when it cannot be read; `state` then says why, and otherwise what the object says of itself.
look() {
  what="$1 $3 in namespace $2"
  if ! kube get "$1" "$3" --namespace="$2" --output=go-template="$facts" >"$HOME/facts" 2>"$HOME/error"; then
    state="$what cannot be read: "
    read -r line <"$HOME/error" && state=$state$line
    return 1
  fi
  {
    read -r generation suspended
    read -r source_namespace source_name || :
    read -r observed handled || :
    read -r revision || :
    read -r status judged || :
  } <"$HOME/facts"
  state="$what: $(sed 1,5d "$HOME/facts")"
  [ "$suspended" != true ] || fail "$what is suspended: nothing reaches the cluster until it is resumed"
}

# Has Flux look at an object now. Which requests it has handled, the object says.
request() {
  patch "$1" "$3" "$2" '{"metadata":{"annotations":{"reconcile.fluxcd.io/requestedAt":"'"$4"'"}}}'
}

# What fails now may have failed before what would heal it. So it is tried again, but not for ever.
failing() {
  now=$(date +%s)
  [ -n "$since" ] || since=$now
  [ "$((now - since))" -lt "$SECONDS_OF_PATIENCE" ] || fail "$state"
  [ "$((now - asked))" -ge 10 ] || return 1
  asked=$now
  log "$state"
  "$@" || :
  return 1
}

# Has the source of a root look at Git, as long as it has not since this Job began, and notes what it has read.
has_read_git() {
  look "$sources" "$1" "$2" || {
    failing :
    return 1
  }
  if [ "$handled" != "$token" ]; then
    [ -n "$token" ] || ask_source "$@"
    return 1
  fi
  if [ "$status" != True ] || [ "$observed" != "$generation" ]; then
    [ "$status" != False ] || failing ask_source "$@"
    return 1
  fi
  case $read in
    *" $revision "*) ;;
    *) read="$read$revision " ;;
  esac
}
ask_source() {
  asked=$(date +%s)
  request "$sources" "$1" "$2" "$0-$asked" && token=$0-$asked
}
ask_root() {
  request "$kustomizations" "$1" "$2" "$0-$asked"
}

# Whether a root has applied what its source has read since this Job began, or a later revision.
has_applied() {
  look "$kustomizations" "$1" "$2" || {
    failing :
    return 1
  }
  has_read_git "$source_namespace" "$source_name" || return 1
  look "$kustomizations" "$1" "$2" || return 1
  case $status/$read in
    # What it has applied of itself counts too. It says so when it succeeds; a failure is judged by its condition.
    True/*" $revision "*) [ "$observed" = "$generation" ] && return 0 ;;
    True/*) since= ;;
    False/*) [ "$judged" != "$generation" ] || failing ask_root "$1" "$2" ;;
  esac
  return 1
}

for root in $ROOTS; do
  token=
  read=' '
  since=
  asked=0
  until has_applied "${root%%/*}" "${root#*/}"; do
    time_left || fail "$state"
    pause 2
  done
  log "$root has applied $revision"
done
