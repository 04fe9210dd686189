#!/usr/bin/env python3
"""Runs the scripts of cases/*.txt in real shells and writes what they print beside them.

Needs root on Debian 12 with busybox, and the packages that the cases use. Each script starts in a new root filesystem:
`root-busybox.json` on an empty one, `root-debian.json` over the machine's own.

    record.py [--roots] [FILE...]      all files of cases/ without names; --roots writes the lists of programs anew
"""

import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
WORK = pathlib.Path("/tmp/shell-cases")
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
# A BusyBox with all applets; the one of Debian knows no users.
BUSYBOX = os.environ.get("BUSYBOX", "/bin/busybox")
PACKAGES = """adduser bash bsdextrautils bsdutils bzip2 coreutils cpio dash debianutils findutils grep gzip hostname
    libc-bin login mawk passwd procps sed tar tree unzip util-linux xz-utils zip""".split()


def sh(command, **options):
    return subprocess.run(command, shell=True, check=True, capture_output=True, text=True, **options).stdout


def put(root, spec):
    """Writes what a root has of its own: [kind, path, mode, uid, gid, text]."""
    for kind, path, mode, uid, gid, text in spec["entries"]:
        place = root / path.lstrip("/")
        if kind == "dir":
            place.mkdir(parents=True, exist_ok=True)
        elif kind == "link":
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)
            place.symlink_to(text)
            continue
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        os.chown(place, uid, gid)
        os.chmod(place, int(mode, 8))


def root(flavour):
    """The shell lines that make a root at WORK/root, within a mount namespace of their own."""
    spec = json.loads((HERE / f"root-{flavour}.json").read_text())
    own = WORK / f"own-{flavour}"
    sh(f"rm -rf {own}; mkdir -p {own}")
    if flavour == "busybox":
        for directory in ("bin", "lib64", "lib/x86_64-linux-gnu", "proc", "dev", "sys"):
            (own / directory).mkdir(parents=True)
        sh(f"cp -L {BUSYBOX} {own}/bin/")
        for library in re.findall(r"(/\S+) \(", sh(f"ldd {BUSYBOX}")):
            sh(f"cp -L {library} {own}{library}")
        for program in spec["programs"]:
            if program != "busybox":
                (own / "bin" / program).symlink_to("/bin/busybox")
        put(own, spec)
        return f"cp -a {own}/. $W/root/; mount -t tmpfs t $W/root/dev"
    put(own, spec)
    # Of these directories nothing of the machine is to be seen.
    for directory in ("tmp", "root", "home", "etc/skel", "opt", "srv", "var/mail", "w"):
        (own / directory).mkdir(parents=True, exist_ok=True)
    hide = "import os,sys; [os.setxattr(path, 'trusted.overlay.opaque', b'y') for path in sys.argv[1:]]"
    hidden = "tmp root home etc/skel opt srv var/mail w"
    return (
        f"mkdir -p $W/up $W/work; cp -a {own}/. $W/up/; (cd $W/up; python3 -c \"{hide}\" {hidden}); "
        "mount -t overlay o -o lowerdir=/,upperdir=$W/up,workdir=$W/work $W/root; mount -t tmpfs t $W/root/dev"
    )


def run(lines, shell, user, script):
    WORK.joinpath("script").write_text(script)
    setup = f"""set -e; W={WORK}/mount; rm -rf $W; mkdir -p $W/root; {lines}
mount -t proc p $W/root/proc; hostname buildkitsandbox
for d in null zero full random urandom tty; do touch $W/root/dev/$d; mount --bind /dev/$d $W/root/dev/$d; done
ln -s /proc/self/fd $W/root/dev/fd; ln -s fd/0 $W/root/dev/stdin; ln -s fd/1 $W/root/dev/stdout; ln -s fd/2 $W/root/dev/stderr
umask 022"""
    uid, gid = user
    enter = (
        f"import os,signal,sys; signal.signal(signal.SIGPIPE, signal.SIG_DFL); signal.signal(signal.SIGXFSZ, signal.SIG_DFL); os.chroot('{WORK}/mount/root'); os.chdir('/'); os.setgroups([{gid}]); os.setgid({gid}); os.setuid({uid});"
        f"os.execve({shell[0]!r}, {shell!r} + ['-c', sys.argv[1]], {ENVIRONMENT!r})"
    )
    WORK.joinpath("setup").write_text(setup)
    WORK.joinpath("enter").write_text(enter)
    command = ["unshare", "-m", "-u", "-p", "-f", "--kill-child", "bash", "-c",
               f". {WORK}/setup >&2 && exec python3 {WORK}/enter \"$(cat {WORK}/script)\""]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)


def section(name, data):
    text = data.decode("utf-8", "surrogateescape")
    if not text:
        return ""
    mark = "" if text.endswith("\n") else " without newline"
    return f"--- {name}{mark}\n{text}" + ("" if text.endswith("\n") else "\n")


def record(path):
    text = path.read_text(errors="surrogateescape")
    head, *cases = re.split(r"^=== ", text, flags=re.M)
    options = dict(re.findall(r"^# (\w+): (.*)$", head, flags=re.M))
    flavour = options["flavour"]
    shell = options["shell"].split()
    lines = root(flavour)
    written = head
    for case in cases:
        title, _, rest = case.partition("\n")
        script = re.split(r"^--- ", rest, flags=re.M)[0].rstrip("\n")
        user = re.search(r"\(user (\d+):(\d+)\)", title)
        done = run(lines, shell, tuple(map(int, user.groups())) if user else (0, 0), script)
        # A shell started with -c names itself as it was called.
        written += f"=== {title}\n{script}\n{section('stdout', done.stdout)}{section('stderr', done.stderr)}"
        written += f"--- exit {done.returncode}\n\n"
    path.write_text(written.rstrip("\n") + "\n", errors="surrogateescape")


def write_roots():
    entries = json.loads((HERE / "entries.json").read_text())
    programs = sh(f"{BUSYBOX} --list").split()
    (HERE / "root-busybox.json").write_text(
        json.dumps({"programs": programs, "entries": entries["common"] + entries["busybox"]}, indent=0))
    found = {}
    for package in PACKAGES:
        for path in sh(f"dpkg -L {package}").split():
            if re.match(r"(/usr)?/s?bin/[^/]+$", path) and os.path.exists(path):
                real = os.path.realpath(path)
                found["/usr" + path.removeprefix("/usr")] = os.path.basename(real)
    for path in ("/usr/bin/awk", "/usr/bin/sh", "/usr/bin/which"):
        found[path] = os.path.basename(os.path.realpath(path))
    found = {path: "mawk" if path == "/usr/bin/awk" else program for path, program in sorted(found.items())}
    (HERE / "root-debian.json").write_text(
        json.dumps({"programs": found, "entries": entries["common"] + entries["debian"]}, indent=0))


if __name__ == "__main__":
    words = sys.argv[1:]
    if "--roots" in words:
        words.remove("--roots")
        write_roots()
    for name in words or sorted((HERE / "cases").glob("*.txt")):
        record(pathlib.Path(name).resolve())
        print(name)
