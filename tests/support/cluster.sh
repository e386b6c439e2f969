#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# cluster.sh - a PostgreSQL cluster for tests, as an unprivileged user, on a Unix socket, thrown away afterwards.
#
#   cluster.sh start FOLDER       makes and starts one, and writes FOLDER/cluster.env
#   cluster.sh stop FOLDER        stops and removes it
#   cluster.sh immediate FOLDER   stops it as a crash would
#   cluster.sh resume FOLDER      starts it again after that
#
# The cluster itself lies in a short folder of /tmp: a socket's path may have 107 bytes only.  It does not sync to disk
# (tests set database.unsafe_durability); --sync as third argument makes it do so.
set -euo pipefail
umask 022
unset "${!PG@}"
export LC_ALL=C.UTF-8

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
for part in say user cluster; do
    # shellcheck source=/dev/null
    source "$ROOT/deploy/lib/$part.sh"
done

# shellcheck disable=SC2034 # these are read in deploy/lib
use_folder() {
    VAR="$1"
    PG_DATA="$VAR/pg"
    PG_SOCKET="$VAR/run"
    PG_LOG="$VAR/log"
    PG_SECRET="$VAR/secrets/admin.password"
    service_user_choose "$VAR"
}

# Roles belong to the whole cluster, so every deployment on it uses the same passwords.
write_passwords() {
    local role
    for role in ingest scorer notifier letters operator; do
        (umask 077 && random_word >"$VAR/secrets/$role.password")
    done
}

write_env() {
    cat >"$1/cluster.env" <<ENV
PGHOST=$PG_SOCKET
PGPORT=$PG_PORT
PGUSER=postgres
KIPTHOI_CLUSTER_FOLDER=$VAR
KIPTHOI_CLUSTER_SECRETS=$VAR/secrets
ENV
}

# folder_of FOLDER: where its cluster lies, from cluster.env; nothing when there is none.
folder_of() {
    [[ -e "$1/cluster.env" ]] || return 0
    sed -n 's/^KIPTHOI_CLUSTER_FOLDER=//p' "$1/cluster.env"
}

start() {
    stop "$1"
    mkdir -p "$1"
    local folder
    folder="$(mktemp -d /tmp/kipthoi-test.XXXXXX)"
    chmod 755 "$folder"
    use_folder "$folder"
    service_folder 755 "$PG_SOCKET" "$PG_LOG"
    service_folder 700 "$VAR/secrets"
    write_env "$1"
    # shellcheck disable=SC2034 # read in deploy/lib/cluster.sh
    if [[ "${2:-}" != --sync ]]; then
        PG_INITDB_EXTRA=(--no-sync)
        PG_EXTRA=$'fsync = off\nfull_page_writes = off'
    fi
    PG_EXTRA+=$'\nshared_buffers = 64MB\nmax_wal_size = 1GB\nlogging_collector = off'
    cluster_create
    write_passwords
    cluster_start
}

stop() {
    local folder
    folder="$(folder_of "$1")"
    # Only what start made is ever removed.
    if [[ "$folder" == /tmp/kipthoi-test.* && -d "$folder" ]]; then
        use_folder "$folder"
        cluster_stop immediate
        rm -rf "$folder"
    fi
    rm -f "$1/cluster.env"
}

immediate() {
    use_folder "$(folder_of "$1")"
    cluster_stop immediate
}

resume() {
    use_folder "$(folder_of "$1")"
    cluster_start
}

say_begin
PG_EXTRA=""
case "${1:-}" in
    start | stop | immediate | resume) [[ $# -ge 2 ]] || die "usage: cluster.sh $1 FOLDER" ;;
    *) die "usage: cluster.sh start|stop|immediate|resume FOLDER [--sync]" ;;
esac
"$@"
