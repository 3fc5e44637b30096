"""Gets a MySQL server for the tests: Debian 12 has none. It is the one of an Ubuntu release with long support, so the files stay where they
are and as they are; each is held against its hash. It brings its own C library, and nothing is installed: all stands in one folder.

usage: mysql.py FOLDER    (then FOLDER/mysqld runs, and FOLDER/data is a fresh data folder)"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request

ARCHIVE = "http://archive.ubuntu.com/ubuntu/pool/main/"
USER = "mysql"

# MySQL 8.4.8 (with long support until 2032) and what it is linked with, of Ubuntu 26.04: SHA-256 and path.
PACKAGES = """
aad9dbd73b5ff9630dc41be74cd4dd1ca341a3a2cbb103441348e06c0fca8118 m/mysql-8.4/mysql-server-core_8.4.8-0ubuntu1_amd64.deb
b8e32a2b871e65a85b3dd882b096a0a3020006bea74233479b0b08543b6808df liba/libaio/libaio1t64_0.3.113-8build1_amd64.deb
c13775dc0c984403f3fcad229d14507a9f387763bd07ace1e5f93897ee6b8434 g/glibc/libc6_2.43-2ubuntu2_amd64.deb
2fb4d81c14fdf34251639ae82f5181f9f98480ea16125d535571ac1be9db3065 g/gcc-16/libgcc-s1_16-20260322-1ubuntu1_amd64.deb
62cd52ab2f569f26d6a6db26cb9963191f24196bef7b4d25762aca6cdc94e856 g/google-perftools/libgoogle-perftools4t64_2.18.1-1_amd64.deb
a32b9ad585e39bdc7bd15d1eae6293461e6d466859a1dd2f7862d1e40f89b9d8 g/gcc-16/libstdc++6_16-20260322-1ubuntu1_amd64.deb
7a9978fadf0940f45500ced0fba219cb5954f322a31068b7b32ad04f3ddc5c3f libu/libunwind/libunwind8_1.8.3-0ubuntu1_amd64.deb
38ad8500817a9159db210fecfb8c50fa82d7a8829730fcdf8ae60e3523676d41 x/xz-utils/liblzma5_5.8.3-1_amd64.deb
c8b97930f9e365d6d00978144b468ac8397ef07d2fb2c453869f05fc3a98c4ca i/icu/libicu78_78.2-2ubuntu1_amd64.deb
28fe729f69be0fa950618f0ee02e479218fd60b11e86c1aa6026c87632ed2aa4 l/lz4/liblz4-1_1.10.0-8_amd64.deb
af7bc28b60948609a36719c249a89aef834812833909774538c19f9d984bef31 n/numactl/libnuma1_2.0.19-1build1_amd64.deb
7894b4fbb505bda24b1537494327ac0642f0f0cd36d77165f625456205cee395 p/protobuf/libprotobuf-lite32t64_3.21.12-15ubuntu1_amd64.deb
fe78b8124fb6c8c0d7efc8f2bd8d5e0d3f217351f520a3b4652ee0afe24143c2 o/openssl/libssl3t64_3.5.5-1ubuntu3_amd64.deb
34365d611ccf1f717f90a92fbe52ed96ae1829ab9be363c68a83563322797f8f libz/libzstd/libzstd1_1.5.7+dfsg-3_amd64.deb
c45bbbf9c87457d90b8ba38720c5f01b9388c380d40f303c26f5c4953932da26 z/zlib/zlib1g_1.3.dfsg+really1.3.1-1ubuntu3_amd64.deb
"""

MYSQLD = """#!/bin/sh
here="$(dirname "$(readlink -f "$0")")"
libraries="$here/root/usr/lib/x86_64-linux-gnu"
exec "$here/loader/mysqld" --library-path "$libraries" "$here/root/usr/sbin/mysqld" "$@" \\
    --basedir="$here/root/usr" --plugin-dir="$here/root/usr/lib/mysql/plugin"
"""


def unpack(root):
    for line in PACKAGES.split("\n"):
        if not line:
            continue
        expected, path = line.split()
        with urllib.request.urlopen(ARCHIVE + path, timeout=60) as answer:
            package = answer.read()
        if hashlib.sha256(package).hexdigest() != expected:
            raise SystemExit(f"mysql.py: {ARCHIVE + path} is not what it was")
        with tempfile.NamedTemporaryFile(suffix=".deb") as file:
            file.write(package)
            file.flush()
            subprocess.run(["dpkg-deb", "-x", file.name, root], check=True)


def main(folder):
    """All or nothing: the folder gets its name when a server has run in it."""
    making = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        root = making / "root"
        unpack(root)
        shutil.rmtree(root / "usr/share/doc", ignore_errors=True)
        # The loader is what runs: by this name, so that it is called mysqld in the list of processes.
        (making / "loader").mkdir()
        loader = root / "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
        shutil.copy2(loader.resolve(), making / "loader/mysqld")
        program = making / "mysqld"
        program.write_text(MYSQLD)
        program.chmod(0o755)
        making.chmod(0o755)
        own = [f"--user={USER}"] if os.geteuid() == 0 else []
        subprocess.run(
            [program, "--no-defaults", "--initialize-insecure", "--disable-log-bin", "--loose-innodb-redo-log-capacity=8M",
             f"--datadir={making / 'data'}", *own],
            check=True)
        # Each copy is to have an identity of its own.
        (making / "data/auto.cnf").unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).absolute())
