// The words of a Dockerfile: instructions, flags and their values, heredocs.

/** Every instruction, with the flags that it takes. */
export const INSTRUCTIONS = {
  ADD: ["--checksum=", "--chmod=", "--chown=", "--exclude=", "--keep-git-dir", "--link", "--unpack"],
  ARG: [],
  CMD: [],
  COPY: ["--chmod=", "--chown=", "--exclude=", "--from=", "--link", "--parents"],
  ENTRYPOINT: [],
  ENV: [],
  EXPOSE: [],
  FROM: ["--platform="],
  HEALTHCHECK: ["--interval=", "--retries=", "--start-interval=", "--start-period=", "--timeout="],
  LABEL: [],
  MAINTAINER: [],
  ONBUILD: [],
  RUN: ["--device=", "--mount=", "--network=", "--security="],
  SHELL: [],
  STOPSIGNAL: [],
  USER: [],
  VOLUME: [],
  WORKDIR: [],
};

/** The values that a flag takes, where they are few. */
export const FLAG_VALUES = {
  "--network": ["default", "host", "none"],
  "--security": ["insecure", "sandbox"],
  "--platform": ["$BUILDPLATFORM", "$TARGETPLATFORM", "linux/amd64", "linux/arm64"],
};

/** The kinds of a mount, with the keys of each. A key that ends in `=` takes a value. */
export const MOUNTS = {
  bind: ["target=", "source=", "from=", "rw"],
  cache: ["target=", "id=", "sharing=", "from=", "source=", "mode=", "uid=", "gid=", "readonly"],
  secret: ["id=", "target=", "env=", "required", "mode=", "uid=", "gid="],
  ssh: ["id=", "target=", "required", "mode=", "uid=", "gid="],
  tmpfs: ["target=", "size="],
};

/** How builds share a cache mount. */
export const SHARING = ["locked", "private", "shared"];

/** Variables that a build declares by itself; a stage sees one after `ARG` names it. */
export const PLATFORM_ARGS = [
  "BUILDARCH", "BUILDOS", "BUILDPLATFORM", "BUILDVARIANT", "TARGETARCH", "TARGETOS", "TARGETPLATFORM", "TARGETVARIANT",
];

/** A parser directive: its name and its value. */
export const DIRECTIVE = /^\s*#\s*(check|escape|syntax)\s*=(.*)$/i;

/** The instructions that take heredocs. */
export const HEREDOC_INSTRUCTIONS = new Set(["ADD", "COPY", "RUN"]);

/** A heredoc's mark at the start of a text: `<<EOF`, `<<-"EOF"`. */
export const HEREDOC = /<<(-?)\s*(["']?)([A-Za-z_][\w.]*)\2/;

/** The heredocs that a line opens, each with a test for its last line. */
export function heredocsOf(text) {
  return [...text.matchAll(new RegExp(`(?<!<)${HEREDOC.source}`, "g"))].map(heredocFrom);
}

/** The heredoc that a match of `HEREDOC` opens. */
export function heredocFrom([, strip, , word]) {
  return { endsAt: (line) => (strip ? line.replace(/^\t+/, "") : line) === word };
}
