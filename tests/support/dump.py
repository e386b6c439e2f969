# SPDX-License-Identifier: MIT
"""A deployment's database, dumped and restored by PostgreSQL's own programs."""
import os
import subprocess


def dump(d, file):
    subprocess.run(["pg_dump", "-h", d.cluster.host, "-p", d.cluster.port, "-U", "postgres", "-Fc", "-f", file, d.database],
                   check=True, env={**os.environ, "PGPASSWORD": d.cluster.password()})


def restore(d, file):
    with d.cluster.connect() as admin:
        admin.execute(f'DROP DATABASE "{d.database}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{d.database}"')
    subprocess.run(["pg_restore", "-h", d.cluster.host, "-p", d.cluster.port, "-U", "postgres", "-d", d.database, file],
                   check=True, env={**os.environ, "PGPASSWORD": d.cluster.password()})
