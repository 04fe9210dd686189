//! `pip install`: what is collected, and what is written.

use super::requirements::{choose, name_and_range};
use super::{cache, python};
use crate::digest::Digest;
use crate::shell::programs::support::{Work, option_value, put, put_program, seconds};
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::vfs::{Content, VfsError, path};
use crate::world::{Package, PackageSource};
use std::collections::BTreeMap;

/// One call of `pip install`.
pub(super) struct Installation {
    new: BTreeMap<String, Package>,
    output: String,
    quiet: bool,
    /// Whether it warns of running as root.
    warns: bool,
    site: String,
    bin: String,
    cache: Option<String>,
}

impl Installation {
    pub(super) fn new(
        process: &mut Process<'_, '_>,
        options: &[String],
        wanted: &[(String, String)],
    ) -> Result<Self, Interrupt> {
        let has = |names: &[&str]| options.iter().any(|option| names.contains(&option.as_str()));
        let python = python(process);
        let home = process.env("HOME").unwrap_or("/root").to_owned();
        let prefix = if has(&["--user"]) || process.credentials.uid != 0 {
            path::join(&home, ".local")
        } else {
            "/usr/local".to_owned()
        };
        let prefix = option_value(options, "--prefix").map_or(prefix, str::to_owned);
        let prefix = process.env("VIRTUAL_ENV").map_or(prefix, str::to_owned);
        let target =
            option_value(options, "--target").or_else(|| option_value(options, "-t")).map(str::to_owned);
        let site = target.unwrap_or_else(|| format!("{prefix}/lib/python{python}/site-packages"));
        let no_cache = has(&["--no-cache-dir", "--no-cache"])
            || process.env("PIP_NO_CACHE_DIR").is_some_and(|value| value != "0" && value != "false");
        let mut one = Self {
            new: BTreeMap::new(),
            output: String::new(),
            warns: process.credentials.uid == 0
                && process.env("PIP_ROOT_USER_ACTION") != Some("ignore")
                && option_value(options, "--root-user-action") != Some("ignore"),
            quiet: has(&["-q", "--quiet", "-qq"]),
            site: process.resolve(&site),
            bin: format!("{prefix}/bin"),
            cache: (!no_cache).then(|| cache(process, options)),
        };
        for (text, origin) in wanted {
            one.collect(process, text, origin)?;
        }
        Ok(one)
    }

    fn collect(&mut self, process: &mut Process<'_, '_>, text: &str, origin: &str) -> Result<(), Interrupt> {
        let (name, range) = name_and_range(text);
        let (bare, extras) = name.split_once('[').unwrap_or((name, ""));
        let Some(mut closure) = process.world().packages(PackageSource::PyPi, name)? else { return Ok(()) };
        if closure.estimated && !extras.is_empty() {
            // Extras that were not measured: the distribution without them is known better.
            closure = process.world().packages(PackageSource::PyPi, bare)?.unwrap_or(closure);
        }
        let directory = bare.to_lowercase().replace(['-', '.'], "_");
        // What was asked for comes first, then what it needs.
        let (own, needed): (Vec<_>, Vec<_>) = closure.packages.iter().partition(|one| one.name == directory);
        for package in own.into_iter().chain(needed) {
            let mut package = package.clone();
            let is_own = package.name == directory;
            if is_own {
                package.version = choose(range, &package.version);
            }
            if self.is_installed(process, &package) {
                if is_own {
                    let site = &self.site;
                    self.output += &format!("Requirement already satisfied: {text} in {site}{origin}\n");
                }
                continue;
            }
            if self.new.contains_key(&package.name) && !is_own {
                continue;
            }
            let shown = package.name.replace('_', "-");
            if is_own {
                self.output += &format!("Collecting {text}{origin}\n");
            } else {
                self.output += &format!("Collecting {shown} (from {bare})\n");
            }
            let wheel = format!("{}-{}-py3-none-any.whl", package.name, package.version);
            let size = shown_size(package.download);
            self.output += &format!("  Downloading {wheel} ({size})\n");
            self.new.insert(package.name.clone(), package);
        }
        Ok(())
    }

    fn is_installed(&self, process: &mut Process<'_, '_>, package: &Package) -> bool {
        process.exists(&format!("{}/{}-{}.dist-info", self.site, package.name, package.version))
    }

    pub(super) fn finish(mut self, process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
        let names: Vec<String> =
            self.new.values().map(|one| format!("{}-{}", one.name.replace('_', "-"), one.version)).collect();
        let seed = format!("pip\n{}", names.join("\n"));
        let downloaded = match self.write(process) {
            Ok(downloaded) => downloaded,
            Err(error) => {
                process.check_limits()?;
                process.error_output(&format!(
                    "ERROR: Could not install packages due to an OSError: [Errno 13] {}: '{}'\n",
                    error.kind.message(),
                    error.path
                ))?;
                return Ok(Modelled::new(1, 0.5));
            }
        };
        let work = Work { downloaded, unpacked: 0, count: self.new.len() as u64, seed: &seed };
        let seconds = seconds(process, "pip install", work)?;
        if !names.is_empty() {
            let plain: Vec<String> = self.new.keys().map(|name| name.replace('_', "-")).collect();
            self.output += &format!("Installing collected packages: {}\n", plain.join(", "));
            self.output += &format!("Successfully installed {}\n", names.join(" "));
        }
        if !self.quiet {
            process.output(&self.output)?;
            if self.warns && !names.is_empty() {
                process.error_output(
                    "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behavior \
                     with the system package manager, possibly rendering your system unusable. It is recommended to use a \
                     virtual environment instead.\n",
                )?;
            }
        }
        Ok(Modelled::new(0, seconds))
    }

    /// Writes every distribution, and the cache; gives the bytes that were not in the cache.
    fn write(&self, process: &mut Process<'_, '_>) -> Result<u64, VfsError> {
        let mut downloaded = 0;
        for package in self.new.values() {
            self.write_one(process, package)?;
            let Some(cache) = &self.cache else {
                downloaded += package.download;
                continue;
            };
            let wheel = format!("{}-{}", package.name, package.version);
            let hex = Digest::of(wheel.as_bytes()).hex();
            let place = format!("{cache}/http-v2/{}/{}/{}.body", &hex[..1], &hex[1..2], &hex[..40]);
            if !process.exists(&place) {
                downloaded += package.download;
                let size = package.download + package.download / 100;
                put(process, &place, Content::modelled(size, "wheel", &[wheel.as_bytes()]), 0o644)?;
            }
        }
        Ok(downloaded)
    }

    fn write_one(&self, process: &mut Process<'_, '_>, package: &Package) -> Result<(), VfsError> {
        let Package { name, version, .. } = package;
        let content = |size: u64, what: &str| {
            Content::modelled(
                size,
                "python distribution",
                &[name.as_bytes(), version.as_bytes(), what.as_bytes()],
            )
        };
        let site = &self.site;
        let metadata =
            format!("Metadata-Version: 2.4\nName: {}\nVersion: {version}\n", name.replace('_', "-"));
        let mut left = package.size.saturating_sub(metadata.len() as u64);
        put(process, &format!("{site}/{name}-{version}.dist-info/METADATA"), metadata, 0o644)?;
        for command in &package.commands {
            const SCRIPT: u64 = 210;
            let script = SCRIPT.min(left);
            if put_program(process, &format!("{}/{command}", self.bin), content(script, command))? {
                left -= script;
            }
        }
        put(process, &format!("{site}/{name}/__init__.py"), content(left, "files"), 0o644)?;
        if package.generated > 0 {
            put(
                process,
                &format!("{site}/{name}/__pycache__/__init__.pyc"),
                content(package.generated, "bytecode"),
                0o644,
            )?;
        }
        Ok(())
    }
}

fn shown_size(bytes: u64) -> String {
    match bytes {
        0..=999 => format!("{bytes} bytes"),
        1_000..=99_999 => format!("{:.1} kB", bytes as f64 / 1e3),
        100_000..=999_999 => format!("{} kB", bytes / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
