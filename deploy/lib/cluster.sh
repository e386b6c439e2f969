# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# cluster.sh - a private PostgreSQL cluster on a Unix socket.
#
# Needs user.sh, VAR, and:
#   PG_DATA    folder of the cluster       PG_SOCKET  folder of its socket
#   PG_LOG     folder of its logs          PG_SECRET  file with the administrator's password
# PG_EXTRA may hold further lines of postgresql.conf.

PG_BIN=/usr/lib/postgresql/15/bin
PG_PORT=5432

# random_word: 48 hexadecimal characters.
random_word() {
    od -An -N24 -v -tx1 /dev/urandom | tr -d ' \n'
}

# A socket's path holds at most 107 bytes, and the kernel says so only by an obscure failure.
cluster_check_socket_path() {
    local path="$PG_SOCKET/.s.PGSQL.$PG_PORT" bytes
    bytes="$(printf '%s' "$path" | wc -c)"
    ((bytes <= 107)) ||
        die "The path $path has $bytes bytes; a Unix socket's may have 107." \
            "Move this tree to a folder with a shorter path and call again."
}

cluster_settings() {
    local memory_mb
    memory_mb="$(awk '/^MemTotal:/ {m = int($2 / 4096); print m < 512 ? m : 512}' /proc/meminfo)"
    cat <<CONF
listen_addresses = ''
unix_socket_directories = '$PG_SOCKET'
port = $PG_PORT
shared_buffers = ${memory_mb}MB
max_wal_size = 4GB
wal_compression = lz4
checkpoint_timeout = 15min
synchronous_commit = on
fsync = on
jit = off
logging_collector = on
log_directory = '$PG_LOG'
log_filename = 'postgresql.log'
log_file_mode = 0640
log_line_prefix = '%m [%p] %q%u@%d '
${PG_EXTRA:-}
CONF
}

# cluster_create: makes the cluster unless it is there.  A half-made one (interrupted) is made anew: the settings
# file is the last thing written.
cluster_create() {
    if [[ -e "$PG_DATA/kipthoi.conf" ]]; then
        return
    fi
    rm -rf "$PG_DATA"
    if [[ ! -s "$PG_SECRET" ]]; then
        (umask 077 && random_word >"$PG_SECRET")
        [[ $EUID -ne 0 ]] || chown "$SERVICE_USER": "$PG_SECRET"
    fi
    service_folder 700 "$PG_DATA"
    as_service "$PG_BIN/initdb" --pgdata="$PG_DATA" --username=postgres --auth=scram-sha-256 --pwfile="$PG_SECRET" \
        --locale=C.UTF-8 --encoding=UTF8 --data-checksums "${PG_INITDB_EXTRA[@]}"
    printf "include_if_exists 'kipthoi.conf'\n" >>"$PG_DATA/postgresql.conf"
    cluster_settings >"$PG_DATA/kipthoi.conf"
    [[ $EUID -ne 0 ]] || chown "$SERVICE_USER": "$PG_DATA/kipthoi.conf"
}

PG_INITDB_EXTRA=()

cluster_running() {
    [[ -e "$PG_DATA/PG_VERSION" ]] && as_service "$PG_BIN/pg_ctl" --pgdata="$PG_DATA" status >/dev/null 2>&1
}

# The server must not keep the caller's outputs (3, 4) and lock (9) open.
cluster_start() {
    if cluster_running; then
        return
    fi
    as_service "$PG_BIN/pg_ctl" --pgdata="$PG_DATA" --log="$PG_LOG/postgresql-start.log" --wait --timeout=120 start \
        3>&- 4>&- 9>&- </dev/null ||
        die "PostgreSQL did not start; see $PG_LOG/postgresql-start.log and $PG_LOG/postgresql.log"
}

# cluster_stop [MODE]: fast, smart or immediate
cluster_stop() {
    if cluster_running; then
        as_service "$PG_BIN/pg_ctl" --pgdata="$PG_DATA" --wait --timeout=120 --mode="${1:-fast}" stop
    fi
}

# admin_psql DATABASE ARGUMENTS…: psql as the cluster's administrator; stops at the first error.
admin_psql() {
    local database="$1"
    shift
    PGPASSWORD="$(<"$PG_SECRET")" psql -X -q -v ON_ERROR_STOP=1 -h "$PG_SOCKET" -p "$PG_PORT" -U postgres \
        -d "$database" "$@"
}
