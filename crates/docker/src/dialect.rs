//! What differs between versions of client and daemon.

/// How the daemon keeps images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// The graph driver `overlay2`: an image is its configuration, layers are kept unpacked.
    Graph,
    /// The image store of containerd: an image is what its name points to, layers are kept packed and unpacked.
    Containerd,
}

/// A client and a daemon that speak with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The client's major version: 20, 28 or 29.
    pub client: u32,
    /// The daemon's major version: 20 or 29.
    pub server: u32,
    /// The daemon's image store.
    pub store: Store,
}

impl Dialect {
    /// Docker 20.10 with a graph driver; its `docker build` is the classic builder unless it is told otherwise.
    pub const V20: Self = Self { client: 20, server: 20, store: Store::Graph };
    /// A client 28.2 with a daemon 29 that still uses a graph driver.
    pub const V28: Self = Self { client: 28, server: 29, store: Store::Graph };
    /// Docker 29 with its default store.
    pub const V29: Self = Self { client: 29, server: 29, store: Store::Containerd };

    /// The client's full version.
    pub fn client_version(self) -> &'static str {
        match self.client {
            20 => "20.10.24+dfsg1",
            28 => "28.2.2",
            _ => "29.7.2",
        }
    }

    /// The daemon's full version.
    pub fn server_version(self) -> &'static str {
        if self.server == 20 { "20.10.24+dfsg1" } else { "29.7.2" }
    }

    /// The version of the API that the client would speak by itself.
    pub fn client_api(self) -> &'static str {
        match self.client {
            20 => "1.41",
            28 => "1.50",
            _ => "1.55",
        }
    }

    /// The newest version of the API that the daemon speaks, and the oldest.
    pub fn server_api(self) -> (&'static str, &'static str) {
        if self.server == 20 { ("1.41", "1.12") } else { ("1.55", "1.40") }
    }

    /// Whether the client is older than the rewrite of its messages.
    pub fn is_old_client(self) -> bool {
        self.client < 28
    }

    /// Whether the daemon is.
    pub fn is_old_server(self) -> bool {
        self.server < 28
    }

    /// Whether images live in containerd.
    pub fn is_containerd(self) -> bool {
        self.store == Store::Containerd
    }

    /// One text for an old client, another for the others.
    pub fn client_text<'a>(self, old: &'a str, new: &'a str) -> &'a str {
        if self.is_old_client() { old } else { new }
    }

    /// One text of an old daemon, another of the others.
    pub fn server_text<'a>(self, old: &'a str, new: &'a str) -> &'a str {
        if self.is_old_server() { old } else { new }
    }
}
