# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# say.sh - steps with their seconds, and one clear end when a step fails.
#
# `step "words" command…` runs the command with its output in $STEP_LOG.  The command runs in this shell and `set -e`
# stays in force inside it; the trap set by say_begin tells which step broke off and shows the end of the log.  While a
# step runs, 3 and 4 are the output and error of the script itself: what stays in the background must close them.

STEP_LOG=/dev/null
STEP_NOW=""
STEP_NOTE=""
STEP_REASON=""

# Microseconds since 1970.
now_us() {
    printf '%s' "${EPOCHREALTIME/[.,]/}"
}

# seconds FROM_US TO_US: "1.2"
seconds() {
    local tenths=$((($2 - $1 + 50000) / 100000))
    printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

bold() {
    if [[ -t 1 && -z "${NO_COLOR:-}" ]]; then
        printf '\033[1m%s\033[0m\n' "$*"
    else
        printf '%s\n' "$*"
    fi
}

# die SENTENCE…: leaves with the sentences and exit code 3; the trap says in which step.
die() {
    STEP_REASON="$*"
    exit 3
}

# note WORDS: what the line of the running step says after its seconds.
note() {
    STEP_NOTE="$*"
}

step() {
    local words="$1" from
    shift
    from="$(now_us)"
    STEP_NOW="$words"
    STEP_NOTE=""
    printf '  %-44s ' "$words"
    "$@" >>"$STEP_LOG" 2>&1
    STEP_NOW=""
    printf '%7s s  %s\n' "$(seconds "$from" "$(now_us)")" "$STEP_NOTE"
}

say_end() {
    local code=$?
    if [[ $code -eq 0 ]]; then
        return
    fi
    if [[ -n "$STEP_NOW" ]]; then
        printf 'failed\n' >&3
    fi
    if [[ -n "$STEP_REASON" ]]; then
        printf '\n%s\n' "$STEP_REASON" >&4
    elif [[ -n "$STEP_NOW" ]]; then
        printf '\nThe step "%s" failed (exit code %d).  The end of %s:\n\n' "$STEP_NOW" "$code" "$STEP_LOG" >&4
        tail -n 25 "$STEP_LOG" >&4 || true
    fi
}

# interrupted: Ctrl-C and SIGTERM.  What runs stays as it is; the next call goes on from there.
interrupted() {
    trap - INT TERM
    STEP_REASON="Interrupted.  The same call goes on from here, ./deploy/quickstart stop ends what runs."
    exit 130
}

say_begin() {
    exec 3>&1 4>&2
    trap say_end EXIT
    trap interrupted INT TERM
}
