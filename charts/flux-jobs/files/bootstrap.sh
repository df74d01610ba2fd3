#!/bin/sh
# Runs `flux bootstrap gitlab` with this script's arguments until it succeeds, for as long as there is time.
#
# Environment: that of common.sh, GITLAB_TOKEN, SECONDS_PER_ATTEMPT, RESTORE_SECRET and BACKUP_SECRET (names, see
# save_credentials), and, optionally, CERTIFICATE_AUTHORITY (PEM).

# Errors that no further attempt can heal. Only flux's last words count, from its own failure (a line with a cross) on.
# Everything else is tried again, also what looks final but need not be: a 404 for a project that was made a moment ago,
# a push that was overtaken or declined, a controller that is not up yet. What flux tells about the health of objects on
# the cluster is not looked at: it may be old.
hopeless() {
  # Another tool manages Flux on this cluster, and --force is not given; flux asks, and nobody answers.
  grep -q 'Are you sure you want to override' "$HOME/attempt.log" && return 0
  # What is wrong: the chart's values, the token or its scopes, the token's role, the CA, the path (the cluster follows
  # another one).
  set -- \
    -e 'unknown (shorthand )?flag|invalid argument .* for ' \
    -e '401 Unauthorized|authentication required|insufficient_scope' \
    -e 'not allowed to (push|force push|upload)' \
    -e '/api/v4/.* x509: ' \
    -e 'would overwrite path'
  sed -n '/^✗/,$p' "$HOME/attempt.log" >"$HOME/last-words"
  ! grep -q 'health check failure' "$HOME/last-words" && grep -Eq "$@" "$HOME/last-words"
}

# `--token-auth` makes flux write GITLAB_TOKEN, which may push, into the Secret with which Flux reads Git. What was in
# it is saved before and put back at the end. The copy lies in the cluster meanwhile, so that a run that is killed
# without notice (memory, node) is made good by the next one.
saved=
save_credentials() {
  [ -n "$RESTORE_SECRET" ] || return 0
  ask get secret "$RESTORE_SECRET" --ignore-not-found --output=jsonpath='{.data}'
  live=$answer
  [ -n "$live" ] || fail "Secret $RESTORE_SECRET must hold the credentials with which Flux reads Git"
  ask get secret "$RESTORE_SECRET" --output=go-template='{{with .data.password}}{{base64decode .}}{{end}}'
  if [ "$answer" != "$GITLAB_TOKEN" ]; then
    insist write_backup
    saved=$live
    return 0
  fi
  ask get secret "$BACKUP_SECRET" --ignore-not-found --output=jsonpath='{.data}'
  saved=$answer
  [ -n "$saved" ] ||
    fail "Secret $RESTORE_SECRET holds the token of the bootstrap itself: write the read-only credentials again"
  log "an earlier run was cut off: putting back the credentials that it saved"
}
write_backup() {
  kube delete secret "$BACKUP_SECRET" --ignore-not-found >/dev/null &&
    printf '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"%s"},"data":%s}' "$BACKUP_SECRET" "$live" |
    kube create --filename=- >/dev/null
}

undo() {
  [ -n "$saved" ] || return 0
  for wait_before in 0 2 5 10; do
    sleep "$wait_before"
    if printf '{"data":%s}' "$saved" |
      kube patch secret "$RESTORE_SECRET" --type=merge --patch-file=/dev/stdin >/dev/null &&
      kube delete secret "$BACKUP_SECRET" --ignore-not-found >/dev/null; then
      saved=
      log "put back the credentials in Secret $RESTORE_SECRET"
      return 0
    fi
  done
  log "could not put back the credentials in Secret $RESTORE_SECRET: it may hold a token that can push" >&2
  return 1
}

# Shows what flux says, and keeps it. In the end flux waits until Flux has applied the commit that it has made, or was
# the last one when it made none. If somebody else has pushed meanwhile, Flux never does: it is on its way to a later
# one. So flux is ended when it begins to wait, and this script waits.
show_output() {
  while IFS= read -r line || [ -n "$line" ]; do
    printf '%s\n' "$line"
    printf '%s\n' "$line" >>"$HOME/attempt.log"
    case $line in
      *' waiting for GitRepository '* | *' waiting for Kustomization '*)
        : >"$HOME/written"
        kill "$1" || :
        ;;
    esac
  done <"$HOME/output"
}

# One attempt.
attempt() {
  seconds=$SECONDS_PER_ATTEMPT
  [ "$seconds" -le "$left" ] || seconds=$left
  # What an attempt that was ended has cloned.
  rm -rf "$TMPDIR" "$HOME/written"
  mkdir "$TMPDIR"
  : >"$HOME/attempt.log"
  # flux applies its timeout to some of its steps one by one; `timeout` holds for all of them together.
  timeout "$((seconds + 10))" flux bootstrap gitlab --namespace="$NAMESPACE" --timeout="${seconds}s" "$@" \
    >"$HOME/output" 2>&1 &
  child=$!
  show_output "$child" &
  reader=$!
  outcome=0
  wait "$child" 2>/dev/null || outcome=$?
  child=
  wait "$reader"
  if [ -e "$HOME/written" ]; then
    log "flux has done its part, waiting for Flux to apply it"
    catch_up
    return
  fi
  return "$outcome"
}

if [ -n "${CERTIFICATE_AUTHORITY:-}" ]; then
  printf '%s\n' "$CERTIFICATE_AUTHORITY" >"$HOME/ca.crt"
  set -- "$@" --ca-file="$HOME/ca.crt"
fi

wait_for_access
save_credentials
resume_frozen

export TMPDIR="$HOME/tmp"
mkfifo "$HOME/output"
until attempt "$@"; do
  if hopeless; then
    fail "another attempt cannot heal this error"
  fi
  back_off
  time_left || fail "no attempt succeeded within $SECONDS_TO_ACT s"
  log "trying again, $left s left"
done

record

if [ -n "$saved" ]; then
  undo
  until read_git; do
    time_left || fail "Flux runs, but cannot read Git with the credentials in Secret $RESTORE_SECRET"
    back_off
  done
fi
