# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# user.sh - who runs the database and the stages.
#
# An ordinary user runs them as himself.  Root does not (PostgreSQL refuses root, and the stages need no power): then the
# user `postgres`, made by Debian's package, does.  When that user cannot enter the folder of this tree (it lies in /root,
# say), he is given the one capability to pass through folders, and only then.

SERVICE_USER=""
SERVICE_PREFIX=()

# service_user_choose FOLDER: sets the above so that the service user can enter the folder.
service_user_choose() {
    local folder="$1"
    if [[ $EUID -ne 0 ]]; then
        SERVICE_USER="$(id -un)"
        return
    fi
    SERVICE_USER=postgres
    id -u "$SERVICE_USER" >/dev/null 2>&1 || die "There is no user $SERVICE_USER: the package postgresql-15 makes it."
    local plain=(setpriv "--reuid=$SERVICE_USER" "--regid=$SERVICE_USER" --init-groups)
    local capable=("${plain[@]}" --inh-caps=+dac_read_search --ambient-caps=+dac_read_search)
    # By entering, not by test -x: that one leaves capabilities out of account.
    local enter=(env "--chdir=$folder" true)
    if "${plain[@]}" "${enter[@]}" 2>/dev/null; then
        SERVICE_PREFIX=("${plain[@]}")
    elif "${capable[@]}" "${enter[@]}" 2>/dev/null; then
        SERVICE_PREFIX=("${capable[@]}")
    else
        die "The user $SERVICE_USER, who runs the database when root calls, cannot enter $folder." \
            "Move this tree to a folder that others may enter, /srv say, or call as an ordinary user."
    fi
}

# as_service COMMAND…
as_service() {
    HOME="$VAR" "${SERVICE_PREFIX[@]}" "$@"
}

# become_service COMMAND…: the same, in the place of this (sub)shell.
become_service() {
    export HOME="$VAR"
    exec "${SERVICE_PREFIX[@]}" "$@"
}

# service_folder MODE PATH…: makes folders that belong to the service user.
service_folder() {
    local mode="$1"
    shift
    mkdir -p "$@"
    chmod "$mode" "$@"
    if [[ $EUID -eq 0 ]]; then
        chown "$SERVICE_USER": "$@"
    fi
}
