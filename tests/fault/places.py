# SPDX-License-Identifier: MIT
"""Clusters in places that can be made to fail: behind a network that swallows packets, on a small disk (both need root), under a
clock that is set."""
import contextlib
import os
import shutil
import struct
import subprocess

from deployment import ROOT, Cluster, skip, wait_until

HERE, THERE = "10.77.99.1", "10.77.99.2"
NAMESPACE, LINK, PEER = "kt-fault", "kt-fault0", "kt-fault1"


def needs_root(why):
    if os.geteuid() != 0:
        skip(f"{why}: only root may")


def run(*command, check=True):
    return subprocess.run(command, check=check, stdout=subprocess.DEVNULL, stderr=None if check else subprocess.DEVNULL)


def settings_file(cluster):
    return cluster.socket_folder.parent / "pg/kipthoi.conf"


def write_more(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


class Tunnel:
    """A cluster in a network namespace of its own.  swallow() makes the way to it a black hole: nothing gets through, either way, and
    nobody is told.  Packets from where no answer could go are dropped by the reverse path filter."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.host = THERE

    @staticmethod
    def swallow():
        run("ip", "-n", NAMESPACE, "route", "add", "blackhole", f"{HERE}/32")

    @staticmethod
    def let_through():
        run("ip", "-n", NAMESPACE, "route", "del", "blackhole", f"{HERE}/32")


@contextlib.contextmanager
def tunnel():
    needs_root("a network namespace is made")
    run("ip", "netns", "add", NAMESPACE)
    cluster = None
    try:
        # It mounts /sys anew, which it cannot do where the root is no mount: in a chroot.
        if run("ip", "netns", "exec", NAMESPACE, "true", check=False).returncode != 0:
            skip("no network namespace can be entered here")
        run("ip", "link", "add", LINK, "type", "veth", "peer", "name", PEER, "netns", NAMESPACE)
        run("ip", "addr", "add", f"{HERE}/30", "dev", LINK)
        run("ip", "link", "set", LINK, "up")
        run("ip", "-n", NAMESPACE, "addr", "add", f"{THERE}/30", "dev", PEER)
        run("ip", "-n", NAMESPACE, "link", "set", PEER, "up")
        run("ip", "netns", "exec", NAMESPACE, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter")
        cluster = Cluster.start_private()
        cluster.immediate()
        write_more(settings_file(cluster), f"listen_addresses = '{THERE}'\n")
        write_more(settings_file(cluster).parent / "pg_hba.conf", f"host all all {HERE}/32 scram-sha-256\n")
        run("ip", "netns", "exec", NAMESPACE, str(ROOT / "tests/support/cluster.sh"), "resume", str(cluster.folder))
        yield Tunnel(cluster)
    finally:
        if cluster:
            cluster.destroy()
        run("ip", "netns", "del", NAMESPACE)
        run("ip", "link", "del", LINK, check=False)     # gone with its peer, but not at once


class SmallDisk:
    """A cluster whose files lie on a file system of their own, which fill() leaves without room."""

    def __init__(self, cluster, folder):
        self.cluster = cluster
        self.ballast = folder / "ballast"

    def fill(self):
        with contextlib.suppress(OSError), open(self.ballast, "wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 12))

    def empty(self):
        self.ballast.unlink()


@contextlib.contextmanager
def small_disk(size_mb):
    needs_root("a file system is mounted")
    cluster = Cluster.start_private()
    cluster.immediate()
    data = cluster.socket_folder.parent / "pg"
    aside = data.with_name("pg.aside")
    data.rename(aside)
    data.mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(data))
    try:
        run("cp", "-a", f"{aside}/.", str(data))
        owner = aside.stat()
        os.chown(data, owner.st_uid, owner.st_gid)
        data.chmod(0o700)
        shutil.rmtree(aside)
        write_more(settings_file(cluster), "max_wal_size = 64MB\nmin_wal_size = 32MB\n")
        cluster.resume()
        yield SmallDisk(cluster, data)
    finally:
        with contextlib.suppress(AssertionError):
            cluster.immediate()
        # The last of the server's processes may still be on its way out.
        wait_until(lambda: subprocess.call(["umount", str(data)], stderr=subprocess.DEVNULL) == 0, f"{data} is unmounted")
        cluster.destroy()


class Clock:
    """The wall clock of the server and of every program started meanwhile."""

    def __init__(self, cluster, file):
        self.cluster = cluster
        self.file = file

    def step(self, seconds):
        """Wrong by so much from now on."""
        with open(self.file, "r+b", buffering=0) as file:
            file.write(struct.pack("=q", seconds))


@contextlib.contextmanager
def clock(binaries):
    library = binaries / "libclock_step.so"
    if not library.exists():
        skip(f"{library} is not here: under a sanitizer the clock cannot be set")
    cluster = Cluster.start_private()
    folder = cluster.socket_folder.parent       # the server's user can read there
    shutil.copy(library, folder)
    file = folder / "clock_step"
    file.write_bytes(bytes(8))
    os.environ.update(LD_PRELOAD=str(folder / library.name), CLOCK_STEP_FILE=str(file))
    try:
        cluster.immediate()
        cluster.resume()
        yield Clock(cluster, file)
    finally:
        del os.environ["LD_PRELOAD"], os.environ["CLOCK_STEP_FILE"]
        cluster.destroy()
