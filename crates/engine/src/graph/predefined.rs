//! The build arguments that exist without being given.

use crate::dockerfile::expand::Variables;
use crate::dockerfile::platform::Platform;

/// The arguments that `FROM` can use without an `ARG`, and that an `ARG` without a value takes.
pub(super) fn default_args(
    platform: &Platform,
    stage: Option<&str>,
    build_args: &[(String, String)],
) -> Vec<(String, String)> {
    let mut args = Vec::new();
    for prefix in ["BUILD", "TARGET"] {
        let values = [
            ("PLATFORM", platform.to_string()),
            ("OS", platform.os.clone()),
            ("OSVERSION", platform.os_version.clone()),
            ("ARCH", platform.architecture.clone()),
            ("VARIANT", platform.variant.clone()),
        ];
        args.extend(values.map(|(name, value)| (format!("{prefix}{name}"), value)));
    }
    args.push(("TARGETSTAGE".to_owned(), stage.unwrap_or("default").to_owned()));
    for (name, value) in &mut args {
        if let Some(given) = Variables::get(build_args, name) {
            *value = given.to_owned();
        }
    }
    args
}
