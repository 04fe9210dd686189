//! `docker manifest inspect`.

use crate::client::errors::Fail;
use crate::client::{Context, Done};
use crate::daemon::{Blob, RemoteImage};
use crate::reference::Reference;
use crate::template::Value;

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let dialect = context.dialect();
    let name = context.options.arguments.last().cloned().unwrap_or_default();
    let reference = Reference::parse(&name).map(Reference::with_tag);
    let reference = reference.map_err(|error| Fail::new(error.message(!dialect.is_old_client())))?;
    let registry = context.docker.daemon.registries.get(&reference.domain);
    if registry.is_some_and(|registry| registry.is_plain)
        && (dialect.is_old_client() || !context.options.is_on("insecure"))
    {
        return Err(Fail::new(format!(
            "failed to configure transport: error pinging v2 registry: Get \"https://{}/v2/\": EOF",
            reference.domain
        )));
    }
    let remote = context.docker.daemon.remote(&reference, None, context.call.world());
    let remote = remote.map_err(|_| {
        Fail::new("errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n")
    })?;
    let text = document(&remote).to_json_indented("\t");
    context.line(text);
    Ok(0)
}

fn document(remote: &RemoteImage) -> Value {
    let descriptor = |kind: &str, blob: &Blob| {
        Value::object(
            "",
            [
                ("mediaType", Value::text(kind)),
                ("size", Value::Int(blob.size as i64)),
                ("digest", Value::text(blob.digest.to_string())),
            ],
        )
    };
    let layer = |blob: &Blob| descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", blob);
    Value::object(
        "",
        [
            ("schemaVersion", Value::Int(2)),
            ("mediaType", Value::text("application/vnd.docker.distribution.manifest.v2+json")),
            ("config", descriptor("application/vnd.docker.container.image.v1+json", &remote.blobs.config)),
            ("layers", Value::List(remote.blobs.layers.iter().map(layer).collect())),
        ],
    )
}
