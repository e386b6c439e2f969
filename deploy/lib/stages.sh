# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# stages.sh - the three stages in the background: pid files, logs, readiness, memory.

STAGES=(ingest scorer notifier)
READY_SECONDS=60
STOP_SECONDS=30

# stage_pid NAME: the pid in its file when that process is still the stage of this configuration, else nothing.
stage_pid() {
    local pid
    [[ -s "$VAR/run/$1.pid" ]] || return 0
    pid="$(<"$VAR/run/$1.pid")"
    [[ "$pid" =~ ^[0-9]+$ ]] || return 0
    if tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "kipthoi-$1 --config $CONF "; then
        printf '%s' "$pid"
    fi
}

stages_running() {
    local name
    for name in "${STAGES[@]}"; do
        [[ -z "$(stage_pid "$name")" ]] || return 0
    done
    return 1
}

# stage_start NAME.  Subshell, setpriv and setsid each become the next one without a fork, so $! is the stage's pid.
stage_start() {
    if [[ -n "$(stage_pid "$1")" ]]; then
        return
    fi
    (become_service setsid "$BIN/kipthoi-$1" --config "$CONF") \
        >>"$VAR/log/$1.log" 2>&1 3>&- 4>&- 9>&- </dev/null &
    printf '%d\n' "$!" >"$VAR/run/$1.pid"
}

# http_status PORT PATH: the status code, or nothing.
http_status() {
    local line=""
    (
        exec 8<>"/dev/tcp/127.0.0.1/$1" || exit 1
        printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&8
        read -r -t 5 line <&8 || exit 1
        read -r _ code _ <<<"$line"
        printf '%s' "$code"
    ) 2>/dev/null || true
}

stage_wait_ready() {
    local port deadline=$((SECONDS + READY_SECONDS))
    port="$(conf_get "$1" metrics_port)"
    until [[ "$(http_status "$port" /ready)" == 200 ]]; do
        [[ -n "$(stage_pid "$1")" ]] || die "kipthoi-$1 has ended; the reason is at the end of $VAR/log/$1.log:" \
            $'\n'"$(tail -n 5 "$VAR/log/$1.log")"
        ((SECONDS < deadline)) ||
            die "kipthoi-$1 is not ready after $READY_SECONDS s (http://127.0.0.1:$port/ready); see $VAR/log/$1.log"
        sleep 0.1
    done
}

# True when the program was built anew since the stage was started.
stage_outdated() {
    local pid
    pid="$(stage_pid "$1")"
    [[ -n "$pid" && "$(readlink "/proc/$pid/exe")" == *" (deleted)" ]]
}

stages_start() {
    local name
    for name in "${STAGES[@]}"; do
        if stage_outdated "$name"; then
            stage_stop "$name"
        fi
    done
    stages_running || conf_ports
    for name in "${STAGES[@]}"; do
        stage_start "$name"
    done
    for name in "${STAGES[@]}"; do
        stage_wait_ready "$name"
    done
}

# stage_stop NAME: asks, waits, and only then kills: the stages lose nothing by that.
stage_stop() {
    local pid deadline=$((SECONDS + STOP_SECONDS))
    pid="$(stage_pid "$1")"
    if [[ -n "$pid" ]]; then
        kill -TERM "$pid"
        while [[ -n "$(stage_pid "$1")" ]]; do
            if ((SECONDS >= deadline)); then
                echo "kipthoi-$1 did not stop within $STOP_SECONDS s: killed"
                kill -KILL "$pid" || true
                deadline=$((SECONDS + STOP_SECONDS))
            fi
            sleep 0.1
        done
    fi
    rm -f "$VAR/run/$1.pid"
}

stages_stop() {
    local name
    for name in "${STAGES[@]}"; do
        stage_stop "$name"
    done
}

# stage_memory PID: most memory it ever had, in MiB.
stage_memory() {
    awk '/^VmHWM:/ {printf "%d", ($2 + 1023) / 1024}' "/proc/$1/status"
}
