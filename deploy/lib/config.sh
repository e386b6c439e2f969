# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# config.sh - var/kipthoi.conf: written once from the sample, read and corrected by key.

# conf_get SECTION KEY
conf_get() {
    awk -v section="[$1]" -v key="$2" '
        /^\[/ { inside = ($0 == section) }
        inside && $1 == key && $2 == "=" { sub(/^[^=]*= */, ""); print; exit }' "$CONF"
}

# conf_set SECTION KEY VALUE: the key must stand in the file already.
conf_set() {
    local new
    new="$(KEY_VALUE="$3" awk -v section="[$1]" -v key="$2" '
        /^\[/ { inside = ($0 == section) }
        inside && $1 == key && $2 == "=" { print key " = " ENVIRON["KEY_VALUE"]; found = 1; next }
        { print }
        END { exit !found }' "$CONF")" || die "The key $1.$2 is missing in $CONF"
    printf '%s\n' "$new" >"$CONF"
}

# True when something listens on the TCP port of this machine.
port_taken() {
    (exec 8<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# port_free FROM: the first free port from there on that none of PORTS_GIVEN holds.
PORTS_GIVEN=" "
port_free() {
    local port="$1"
    while [[ "$PORTS_GIVEN" == *" $port "* ]] || port_taken "$port"; do
        port=$((port + 1))
        ((port < 65536)) || die "No free TCP port from $1 upwards."
    done
    printf '%d' "$port"
}

# Which ports there are: section, key, and what stands before the number.
CONF_PORTS=(
    "ingest endpoint tcp://127.0.0.1:"
    "notifier feed tcp://127.0.0.1:"
    "notifier replay tcp://127.0.0.1:"
    "ingest metrics_port "
    "scorer metrics_port "
    "notifier metrics_port "
)

# conf_ports: replaces ports that are taken by others.  Call while no stage of ours runs.
conf_ports() {
    local row section key before old port
    PORTS_GIVEN=" "
    PORTS_MOVED=""
    for row in "${CONF_PORTS[@]}"; do
        IFS=' ' read -r section key before <<<"$row"
        old="$(conf_get "$section" "$key")"
        port="$(port_free "${old##*:}")"
        PORTS_GIVEN+="$port "
        if [[ "$port" != "${old##*:}" ]]; then
            PORTS_MOVED+="${PORTS_MOVED:+,} $section.$key from ${old##*:} to $port"
            conf_set "$section" "$key" "$before$port"
        fi
    done
    conf_set sender endpoint "$(conf_get ingest endpoint)"
}

# conf_check ZONE CLOCK: what was set up with another zone or clock stays as it is: its days are counted already.
conf_check() {
    local zone clock call=run
    [[ -s "$CONF" ]] || return 0
    zone="$(conf_get deployment time_zone)"
    clock="$(conf_get deployment clock)"
    if [[ "$zone" != "$1" || "$clock" != "$2" ]]; then
        [[ "$clock" != system ]] || call="empty $zone"
        die "$VAR was set up with time_zone = $zone and clock = $clock, not $1 and $2."$'\n'"Go on with it:" \
            "./deploy/quickstart $call"$'\n'"or remove it:  ./deploy/quickstart reset"
    fi
}

# conf_create ZONE CLOCK: the sample with zone, clock and database set; an existing file is kept.
conf_create() {
    if [[ -s "$CONF" ]]; then
        return
    fi
    cp "$ROOT/deploy/kipthoi.conf.sample" "$CONF.new"
    local kept="$CONF"
    CONF="$CONF.new"
    conf_set deployment time_zone "$1"
    conf_set deployment clock "$2"
    conf_set database host "$PG_SOCKET"
    conf_set database port "$PG_PORT"
    CONF="$kept"
    chmod 644 "$CONF.new"
    mv "$CONF.new" "$CONF"
}
