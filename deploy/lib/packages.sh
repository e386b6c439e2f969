# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# packages.sh - installs the Debian packages that a list names and that are missing.

# package_list FILE…: the names in the lists, one a line.
package_list() {
    sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@"
}

# packages_missing FILE…: those not installed, one a line.
packages_missing() {
    local names
    mapfile -t names < <(package_list "$@")
    # dpkg-query fails when it does not know one of them; those it knows are listed all the same.
    comm -23 <(printf '%s\n' "${names[@]}" | sort -u) \
        <(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${names[@]}" 2>/dev/null | sed -n 's/ installed$//p' | sort -u)
}

# packages_install FILE…
#
# Debian's postgresql package makes and starts a cluster of its own when it is installed.  That one is the system's:
# it is left alone and never used.
packages_install() {
    local missing sudo=()
    mapfile -t missing < <(packages_missing "$@")
    if [[ ${#missing[@]} -eq 0 ]]; then
        return
    fi
    command -v apt-get >/dev/null ||
        die "These packages are missing and this is no Debian: ${missing[*]}"
    if [[ $EUID -ne 0 ]]; then
        command -v sudo >/dev/null ||
            die "These packages are missing; install them as root (apt-get install …) and call again:" "${missing[*]}"
        sudo=(sudo)
    fi
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -o DPkg::Lock::Timeout=120 -q update
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
        apt-get -o DPkg::Lock::Timeout=120 -q -y --no-install-recommends install "${missing[@]}"
}
