//! The kinds of software that images are made for: where their programs are and what the rest of their bytes is.

use super::layer::LayerBuilder;
use crate::data::images::Record;

/// A kind of software.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Node,
    Python,
    Go,
    Nginx,
    Httpd,
    Redis,
    Postgres,
    Java,
    Maven,
    Rust,
    Php,
    Ruby,
    Gcc,
    Dotnet,
    Distroless,
    Other,
}

impl Family {
    /// The family of an image, by the last part of its repository.
    pub(crate) fn of(record: &Record) -> Self {
        let repository = record.name.split([':', '@']).next().unwrap_or_default();
        let parts: Vec<&str> = repository.split('/').collect();
        if parts.contains(&"distroless") {
            return Self::Distroless;
        }
        if parts.contains(&"dotnet") {
            return Self::Dotnet;
        }
        match parts.last().copied().unwrap_or_default() {
            "node" => Self::Node,
            "python" => Self::Python,
            "golang" => Self::Go,
            "nginx" => Self::Nginx,
            "httpd" => Self::Httpd,
            "redis" => Self::Redis,
            "postgres" => Self::Postgres,
            "eclipse-temurin" | "openjdk" => Self::Java,
            "maven" => Self::Maven,
            "rust" => Self::Rust,
            "php" => Self::Php,
            "ruby" => Self::Ruby,
            "gcc" => Self::Gcc,
            _ => Self::Other,
        }
    }

    /// A word for directories.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Python => "python",
            Self::Go => "golang",
            Self::Nginx => "nginx",
            Self::Httpd => "httpd",
            Self::Redis => "redis",
            Self::Postgres => "postgres",
            Self::Java => "java",
            Self::Maven => "maven",
            Self::Rust => "rust",
            Self::Php => "php",
            Self::Ruby => "ruby",
            Self::Gcc => "gcc",
            Self::Dotnet => "dotnet",
            Self::Distroless | Self::Other => "software",
        }
    }

    /// The directory of the family's own programs.
    fn directory(self, record: &Record) -> String {
        let from_path = |mark: &str| {
            let path = record.config.env.iter().find_map(|entry| entry.strip_prefix("PATH="))?;
            path.split(':').find(|part| part.contains(mark)).map(str::to_owned)
        };
        match self {
            Self::Go => "/usr/local/go/bin".to_owned(),
            Self::Java => from_path("openjdk").unwrap_or_else(|| "/usr/bin".to_owned()),
            Self::Maven => "/usr/share/maven/bin".to_owned(),
            Self::Rust => "/usr/local/cargo/bin".to_owned(),
            Self::Httpd => "/usr/local/apache2/bin".to_owned(),
            Self::Postgres => from_path("postgresql").unwrap_or_else(|| "/usr/local/bin".to_owned()),
            Self::Dotnet => "/usr/share/dotnet".to_owned(),
            Self::Nginx => "/usr/sbin".to_owned(),
            Self::Distroless | Self::Other => "/usr/bin".to_owned(),
            Self::Node | Self::Python | Self::Redis | Self::Php | Self::Ruby | Self::Gcc => {
                "/usr/local/bin".to_owned()
            }
        }
    }

    /// Puts the image's programs and the few files of it that people look into.
    pub(crate) fn install(self, record: &Record, layer: &mut LayerBuilder) {
        match self {
            Self::Node => node(record, layer),
            Self::Python => python(record, layer),
            Self::Go => {
                layer.text("/usr/local/go/VERSION", 0o644, format!("go{}\n", version(record)));
            }
            Self::Nginx => nginx(layer),
            _ => {}
        }
        let own = self.directory(record);
        for name in &record.commands {
            let directory = if self.owns(name) { own.as_str() } else { "/usr/bin" };
            let path = format!("{directory}/{name}");
            if !layer.tree().exists(&path) {
                // Big programs take their share of the layer, small ones their usual size.
                let size = (layer.left() / 4).min(self.program_size(name));
                layer.opaque(&path, 0o755, size);
            }
        }
    }

    /// Whether a command belongs to the software itself and not to a package that was added for convenience.
    fn owns(self, name: &str) -> bool {
        const ADDED: &[&str] =
            &["curl", "wget", "gpg", "git", "ssh", "gcc", "g++", "make", "pkg-config", "microdnf", "bash"];
        match self {
            Self::Gcc => true,
            Self::Maven => name == "mvn",
            Self::Dotnet => name == "dotnet",
            Self::Nginx => name == "nginx",
            Self::Php => !ADDED.contains(&name) && !name.starts_with("a2"),
            _ => !ADDED.contains(&name),
        }
    }

    fn program_size(self, name: &str) -> u64 {
        match name {
            "node" => 120_000_000,
            "java" | "javac" => 13_000,
            "go" => 14_000_000,
            "redis-server" => 16_000_000,
            "redis-cli" => 7_000_000,
            "mysqld" => 60_000_000,
            "postgres" => 10_000_000,
            "php" => 16_000_000,
            "caddy" => 48_000_000,
            "git" => 4_000_000,
            "gosu" => 2_400_000,
            _ => 900_000,
        }
    }

    /// Where the bytes are that are no programs, with weights.
    pub(crate) fn files(self, record: &Record) -> Vec<(&'static str, u32)> {
        let musl = record.system.starts_with("alpine");
        match self {
            Self::Node => vec![
                ("/usr/local/include/node/headers", 10),
                ("/usr/local/lib/node_modules/corepack/dist/corepack.js", 2),
                ("/usr/local/lib/node_modules/npm/node_modules/dependencies", 60),
                ("/usr/local/lib/node_modules/npm/docs/documentation", 20),
                ("/usr/local/share/doc/node/gdbinit", 8),
            ],
            Self::Python => vec![
                ("/usr/local/lib/libpython3.so", 20),
                ("/usr/local/lib/python3/lib-dynload", 20),
                ("/usr/local/lib/python3/standard-library", 60),
                ("/usr/local/include/python3/headers", 4),
            ],
            Self::Go => vec![
                ("/usr/local/go/pkg/tool/linux_amd64/compile", 25),
                ("/usr/local/go/pkg/tool/linux_amd64/link", 12),
                ("/usr/local/go/pkg/tool/linux_amd64/cover", 8),
                ("/usr/local/go/src/standard-library", 90),
                ("/usr/local/go/test/tests", 18),
            ],
            Self::Nginx => vec![
                ("/usr/lib/nginx/modules/ngx_http_js_module.so", 6),
                ("/usr/lib/nginx/modules/ngx_http_image_filter_module.so", 1),
                ("/usr/share/nginx/libraries", 3),
            ],
            Self::Java => vec![
                ("/usr/lib/jvm/java/jmods", 8),
                ("/usr/lib/jvm/java/lib/modules", 13),
                ("/usr/lib/jvm/java/lib/server/libjvm.so", 2),
            ],
            Self::Rust => vec![
                ("/usr/local/rustup/toolchains/stable/lib/librustc_driver.so", 15),
                ("/usr/local/rustup/toolchains/stable/lib/rustlib/std", 30),
                ("/usr/local/rustup/toolchains/stable/bin/rustc", 2),
            ],
            Self::Other if musl => vec![("/usr/lib/libraries", 7), ("/usr/share/data", 3)],
            _ => vec![
                ("/usr/lib/x86_64-linux-gnu/libraries", 50),
                ("/usr/share/data", 20),
                ("/usr/include/headers", 5),
                ("/usr/share/locale/translations", 10),
            ],
        }
    }

    /// What a `RUN` row other than the main one leaves behind.
    pub(crate) fn run(self, layer: &mut LayerBuilder, command: &str) {
        match self {
            Self::Python if command.contains("for src in idle3") => {
                for (name, target) in [
                    ("idle", "idle3"),
                    ("pip", "pip3"),
                    ("pydoc", "pydoc3"),
                    ("python", "python3"),
                    ("python-config", "python3-config"),
                ] {
                    layer.link(&format!("/usr/local/bin/{name}"), target);
                }
            }
            Self::Node
                if command.contains("yarn") || command.contains("YARN") || command.contains("GNUPGHOME") =>
            {
                yarn(layer);
            }
            _ => {}
        }
    }
}

fn version(record: &Record) -> &str {
    record.version.as_deref().unwrap_or("")
}

fn node(record: &Record, layer: &mut LayerBuilder) {
    layer.link("/usr/local/bin/nodejs", "/usr/local/bin/node");
    for (command, program) in [("npm", "npm-cli.js"), ("npx", "npx-cli.js")] {
        let home = "/usr/local/lib/node_modules/npm/bin";
        layer.opaque(&format!("{home}/{program}"), 0o755, 54);
        layer.link(&format!("/usr/local/bin/{command}"), &format!("../lib/node_modules/npm/bin/{program}"));
    }
    if record.commands.iter().any(|name| name == "corepack") {
        layer.opaque("/usr/local/lib/node_modules/corepack/dist/corepack-cli.js", 0o755, 133);
        layer.link("/usr/local/bin/corepack", "../lib/node_modules/corepack/dist/corepack-cli.js");
    }
    // Yarn has a layer of its own; its links must not be taken for missing programs here.
    if !record.history.iter().any(|row| row.created_by.contains("YARN_VERSION")) {
        return;
    }
    yarn_links(layer);
}

fn yarn_links(layer: &mut LayerBuilder) {
    for name in ["yarn", "yarnpkg"] {
        layer.link(&format!("/usr/local/bin/{name}"), &format!("/opt/yarn/bin/{name}"));
    }
}

#[inline(never)]
fn yarn(layer: &mut LayerBuilder) {
    layer.opaque("/opt/yarn/bin/yarn", 0o755, 1_025);
    layer.opaque("/opt/yarn/bin/yarnpkg", 0o755, 41);
    let rest = layer.left();
    layer.opaque("/opt/yarn/lib/cli.js", 0o644, rest);
}

#[inline(never)]
fn python(record: &Record, layer: &mut LayerBuilder) {
    let minor: Vec<&str> = version(record).splitn(3, '.').take(2).collect();
    let minor = minor.join(".");
    let library = format!("/usr/local/lib/python{minor}");
    layer.opaque(&format!("/usr/local/bin/python{minor}"), 0o755, 14_488);
    for (link, target) in [
        ("python3".to_owned(), format!("python{minor}")),
        ("idle3".to_owned(), format!("idle{minor}")),
        ("pydoc3".to_owned(), format!("pydoc{minor}")),
        ("python3-config".to_owned(), format!("python{minor}-config")),
    ] {
        layer.link(&format!("/usr/local/bin/{link}"), &target);
    }
    for program in ["idle", "pydoc", "python"] {
        let name =
            if program == "python" { format!("python{minor}-config") } else { format!("{program}{minor}") };
        layer.opaque(&format!("/usr/local/bin/{name}"), 0o755, 104);
    }
    for name in ["pip3", &format!("pip{minor}")] {
        layer.opaque(&format!("/usr/local/bin/{name}"), 0o755, 224);
    }
    layer.opaque(&format!("{library}/site-packages/pip/__init__.py"), 0o644, 357);
    layer.opaque(&format!("{library}/os.py"), 0o644, 39_786);
}

#[inline(never)]
fn nginx(layer: &mut LayerBuilder) {
    const PAGE: &str = "<!DOCTYPE html>\n<html>\n<head><title>Welcome to nginx!</title></head>\n\
        <body><h1>Welcome to nginx!</h1></body>\n</html>\n";
    const SERVER: &str = "server {\n    listen 80;\n    server_name localhost;\n\n    location / {\n        \
        root /usr/share/nginx/html;\n        index index.html index.htm;\n    }\n}\n";
    const MAIN: &str = "user nginx;\nworker_processes auto;\n\nevents {\n    worker_connections 1024;\n}\n\nhttp {\n    \
        include /etc/nginx/mime.types;\n    include /etc/nginx/conf.d/*.conf;\n}\n";
    layer.text("/usr/share/nginx/html/index.html", 0o644, PAGE.to_owned());
    layer.text("/etc/nginx/conf.d/default.conf", 0o644, SERVER.to_owned());
    layer.text("/etc/nginx/nginx.conf", 0o644, MAIN.to_owned());
    layer.opaque("/etc/nginx/mime.types", 0o644, 5_349);
}
