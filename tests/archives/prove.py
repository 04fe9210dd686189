#!/usr/bin/env python3
"""Proves exported archives with programs that nobody here wrote.

Builds a project with the native command, exports its image in every form, and lets skopeo, umoci and tar read what
came out: all of them have to find the same tree (paths, types, modes, owners, times, link targets, bytes), without
what upper layers deleted, and the digests that the command printed.

Usage: prove.py DOCKERFILE_LAB
Exit codes: 0 proved, 1 something differs, 77 skopeo or umoci is missing, so that only tar was asked.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

SKIPPED = 77
LONG = "long/" + "deep-folder/" * 12 + "file"
DOCKERFILE = """\
FROM scratch
ADD rootfs.tar /
COPY --chown=7:8 --chmod=0640 texts/ /srv/texts/
RUN rm -r /data/old /data/gone.txt && mkdir -m 1777 /data/new && echo again > /data/kept.txt
RUN chmod 0600 /srv/texts/a.txt && rm -r /data/replaced && ln -s ../srv /data/replaced
WORKDIR /srv
LABEL proof=yes
CMD ["/bin/sh"]
"""


def rootfs():
    """A root filesystem with every kind of entry that a layer can have."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:

        def add(name, kind=tarfile.REGTYPE, data=b"", mode=0o644, link="", owner=(0, 0)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.linkname, entry.mtime = kind, mode, link, 1_500_000_000
            entry.uid, entry.gid = owner
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))

        for folder in ["bin", "data", "data/old", "data/replaced"]:
            add(folder, tarfile.DIRTYPE, mode=0o755)
        for program in ["sh", "rm", "mkdir", "chmod", "ln", "echo"]:
            add(f"bin/{program}", data=b"\x7fELF a program\n", mode=0o755)
        add("data/old/file", data=b"old\n")
        add("data/gone.txt", data=b"gone\n")
        add("data/kept.txt", data=b"kept\n")
        add("data/replaced/file", data=b"replaced\n")
        add("data/set-uid", data=b"set\n", mode=0o4755, owner=(3, 4))
        add("data/name with blanks and 한글.txt", data="안녕\n".encode())
        add("data/link", tarfile.SYMTYPE, mode=0o777, link="kept.txt")
        add("data/hard", tarfile.LNKTYPE, link="data/set-uid", mode=0o4755, owner=(3, 4))
        add(LONG, data=b"far down\n")
        add("data/bytes", data=bytes(range(256)) * 9)
        add("data/many-owners", data=b"x", owner=(2_500_000, 99_999))
    return archive.getvalue()


def fail(text):
    sys.exit(f"FAILED: {text}")


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, **options)
    if done.returncode != 0:
        fail(f"{' '.join(map(str, words))}\n{done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout.decode()


def same(what, expected, found):
    """Compares two mappings and says where they differ."""
    differing = [name for name in sorted({*expected, *found}) if expected.get(name) != found.get(name)]
    for name in differing[:10]:
        print(f"  {name}: expected {expected.get(name)}, found {found.get(name)}", file=sys.stderr)
    if differing:
        fail(f"{what}: {len(differing)} entries differ")
    print(f"same {what}: {len(expected)} entries")


def described(kind, mode, owner, time, target, data):
    digest = hashlib.sha256(data).hexdigest() if data is not None else None
    # A link has no mode of its own, and only files have times that every program keeps.
    return (kind, None if kind == "link" else mode, owner, time if kind == "file" else None, target, digest)


def of_tar(path):
    """The tree in a tar without layers, as Python reads it."""
    tree = {}
    with tarfile.open(path) as tar:
        for entry in tar:
            owner = (entry.uid, entry.gid)
            name = entry.name.rstrip("/")
            if entry.isdir():
                tree[name] = described("folder", entry.mode, owner, None, None, None)
            elif entry.issym():
                tree[name] = described("link", None, owner, None, entry.linkname, None)
            else:
                data = tar.extractfile(entry).read()
                source = tar.getmember(entry.linkname) if entry.islnk() else entry
                owner = (source.uid, source.gid)
                tree[name] = described("file", source.mode, owner, source.mtime, None, data)
    return tree


def of_folder(root, has_owners=True):
    """The tree below a folder."""
    tree = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = Path(folder, name)
            about = path.lstat()
            owner = (about.st_uid, about.st_gid) if has_owners else None
            mode = stat.S_IMODE(about.st_mode)
            if path.is_symlink():
                entry = described("link", None, owner, None, os.readlink(path), None)
            elif path.is_dir():
                entry = described("folder", mode, owner, None, None, None)
            else:
                entry = described("file", mode, owner, int(about.st_mtime), None, path.read_bytes())
            tree[str(path.relative_to(root))] = entry
    return tree


def without(tree, *fields):
    return {name: tuple(v for at, v in enumerate(entry) if at not in fields) for name, entry in tree.items()}


def listed(path):
    """The paths that tar lists, with type and permissions."""
    lines = run("tar", "--numeric-owner", "--quoting-style=literal", "-tf", path).splitlines()
    return sorted(line.rstrip("/") for line in lines)


def check_tree(tree):
    """What has to be so whatever a program says: the trees could be the same and all wrong."""
    gone = [name for name in tree if name.startswith(("data/old", "data/gone", "data/replaced/"))]
    if gone:
        fail(f"deleted, and still there: {gone}")
    for name, kind, mode, owner in [
        ("srv/texts/a.txt", "file", 0o600, (7, 8)),
        ("srv/texts/b.txt", "file", 0o640, (7, 8)),
        ("data/new", "folder", 0o1777, (0, 0)),
        ("data/set-uid", "file", 0o4755, (3, 4)),
        ("data/hard", "file", 0o4755, (3, 4)),
        ("data/many-owners", "file", 0o644, (2_500_000, 99_999)),
        (LONG, "file", 0o644, (0, 0)),
    ]:
        if tree.get(name, ())[:3] != (kind, mode, owner):
            fail(f"{name}: {tree.get(name)}")
    if tree["data/replaced"][4] != "../srv":
        fail("data/replaced is no link")
    if tree["data/kept.txt"][5] != hashlib.sha256(b"again\n").hexdigest():
        fail("data/kept.txt has other bytes")


def prove(lab, folder):
    context = folder / "context"
    (context / "texts").mkdir(parents=True)
    (context / "Dockerfile").write_text(DOCKERFILE)
    (context / "rootfs.tar").write_bytes(rootfs())
    for name in "ab":
        (context / "texts" / f"{name}.txt").write_text(f"text {name}\n")
    outputs = [
        f"type=oci,dest={folder}/oci.tar",
        f"type=docker,dest={folder}/docker.tar",
        f"type=tar,dest={folder}/files.tar",
        f"type=local,dest={folder}/local",
        f"type=oci,tar=false,dest={folder}/layout",
        f"type=context,dest={folder}/context.tar",
    ]
    words = [word for output in outputs for word in ("-o", output)]
    image_id = run(lab, "build", "-q", "-t", "proof:1", "--state", folder / "state.json", *words, context).strip()

    tree = of_tar(folder / "files.tar")
    check_tree(tree)
    print(f"built {image_id}")
    # What a person unpacks belongs to that person and has the time of the moment.
    same("tree, unpacked by the command", without(tree, 2, 3), without(of_folder(folder / "local"), 2, 3))
    same("list of tar", dict.fromkeys(sorted(tree)), dict.fromkeys(listed(folder / "files.tar")))
    files = {str(path.relative_to(context)) for path in context.rglob("*")}
    same("build context, as tar lists it", dict.fromkeys(files), dict.fromkeys(listed(folder / "context.tar")))

    if not shutil.which("skopeo") or not shutil.which("umoci"):
        print("SKIPPED: skopeo and umoci are missing (apt-get install skopeo umoci)")
        sys.exit(SKIPPED)
    by_skopeo(folder, image_id)
    by_umoci(folder, tree)
    loaded_again(lab, folder, tree)


def by_skopeo(folder, image_id):
    for source in [f"oci-archive:{folder}/oci.tar", f"docker-archive:{folder}/docker.tar", f"oci:{folder}/layout"]:
        # The configuration as it is: its digest is the image ID.
        config = run("skopeo", "inspect", "--config", "--raw", source)
        if f"sha256:{hashlib.sha256(config.encode()).hexdigest()}" != image_id:
            fail(f"skopeo finds another configuration in {source}")
        about = json.loads(run("skopeo", "inspect", source))
        diff_ids = json.loads(config)["rootfs"]["diff_ids"]
        if about["Layers"] != diff_ids or about["Labels"] != {"proof": "yes"} or len(diff_ids) != 5:
            fail(f"skopeo inspect {source}: {about}")
        print(f"skopeo inspects {source.split(':')[0]}: {len(diff_ids)} layers")
    # A copy reads every blob and compares it with its digest.
    for source, name in [(f"oci-archive:{folder}/oci.tar", "oci"), (f"docker-archive:{folder}/docker.tar", "docker")]:
        run("skopeo", "--insecure-policy", "copy", source, f"oci:{folder}/copied-{name}:1")
        print(f"skopeo copies the {name} archive")


def by_umoci(folder, tree):
    # Without root, owners cannot be set; umoci then notes them in attributes, and they are not compared.
    is_root = os.geteuid() == 0
    rootless = [] if is_root else ["--rootless"]
    for layout in ["copied-oci:1", "copied-docker:1", "layout:1"]:
        bundle = folder / f"bundle-{layout.split(':')[0]}"
        run("umoci", "unpack", *rootless, "--image", f"{folder}/{layout}", bundle)
        found = of_folder(bundle / "rootfs")
        skipped = [] if is_root else [2]
        same(f"tree, unpacked by umoci from {layout}", without(tree, *skipped), without(found, *skipped))


def loaded_again(lab, folder, tree):
    """What other programs wrote is loaded, and its files are what they were."""
    source = f"oci:{folder}/layout:1"
    archives = {}
    for name in ["docker-archive", "oci-archive"]:
        archives[name] = folder / f"{name}.tar"
        run("skopeo", "--insecure-policy", "copy", source, f"{name}:{archives[name]}:again:1")
    for packed in ["gzip", "zstd"]:
        layout, archives[packed] = folder / f"layout-{packed}", folder / f"{packed}.tar"
        words = ["--dest-compress", "--dest-compress-format", packed]
        run("skopeo", "--insecure-policy", "copy", *words, source, f"oci:{layout}:again:1")
        run("tar", "-C", layout, "-cf", archives[packed], ".")
    archives["packed whole"] = folder / "whole.tar.gz"
    archives["packed whole"].write_bytes(gzip.compress(archives["docker-archive"].read_bytes()))
    for name, archive in archives.items():
        state = folder / f"state-{archive.name}"
        print(run(lab, "load", "-i", archive, "--state", state).strip(), f"({name})")
        context = folder / f"from-{archive.name}"
        context.mkdir()
        (context / "Dockerfile").write_text("FROM again:1\n")
        run(lab, "build", "-q", "-o", f"type=tar,dest={context}/files.tar", "--state", state, context)
        same(f"tree, loaded from {name}", tree, of_tar(context / "files.tar"))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    lab = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="dockerfile-lab-proof-") as folder:
        prove(lab, Path(folder))


if __name__ == "__main__":
    main()
