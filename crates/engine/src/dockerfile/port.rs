//! Ports of `EXPOSE`: `80`, `8000-8010/udp`, and mappings, which are allowed but mean nothing.

use crate::case::Case;
use core::net::IpAddr;

/// The parts of a port as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortSpec<'a> {
    /// The address in front of a mapping.
    pub ip: &'a str,
    /// The host's port in front of a mapping.
    pub host_port: &'a str,
    /// The port or range.
    pub container_port: &'a str,
    /// The protocol as written; `tcp` where none was given.
    pub protocol: &'a str,
}

impl<'a> PortSpec<'a> {
    /// Takes a port apart. The error is BuildKit's text.
    pub fn parse(raw: &'a str) -> Result<Self, String> {
        let (mapping, port) = raw.rsplit_once(':').unwrap_or(("", raw));
        let (ip, host_port) = mapping.rsplit_once(':').unwrap_or(("", mapping));
        let (container_port, protocol) = port.split_once('/').unwrap_or((port, ""));
        let error = |reason: &str| Err(format!("invalid port: {}: {reason}", super::quote::quote(raw)));
        if container_port.is_empty() {
            return error("no port specified");
        }
        let protocol = match protocol.lower().as_str() {
            "" => "tcp",
            "tcp" | "udp" | "sctp" => protocol,
            _ => return error(&format!("invalid proto: {protocol}")),
        };
        Ok(Self { ip, host_port, container_port, protocol })
    }

    /// The ports that it exposes, as in an image: `80/tcp`. The error is BuildKit's text.
    pub fn ports(&self) -> Result<Vec<String>, String> {
        let ip = match self.ip.strip_prefix('[') {
            Some(rest) => {
                let missing = || {
                    format!("invalid IP address {}: address {}:: missing ']' in address", self.ip, self.ip)
                };
                rest.strip_suffix(']').ok_or_else(missing)?
            }
            None => self.ip,
        };
        if !ip.is_empty() && ip.parse::<IpAddr>().is_err() {
            return Err(format!("invalid IP address: {ip}"));
        }
        let (start, end) = range(self.container_port)
            .ok_or_else(|| format!("invalid containerPort: {}", self.container_port))?;
        if !self.host_port.is_empty() {
            let (host_start, host_end) =
                range(self.host_port).ok_or_else(|| format!("invalid hostPort: {}", self.host_port))?;
            if end - start != host_end - host_start && end != start {
                return Err(format!(
                    "invalid ranges specified for container and host Ports: {} and {}",
                    self.container_port, self.host_port
                ));
            }
        }
        let protocol = self.protocol.lower();
        Ok((start..=end).map(|port| format!("{port}/{protocol}")).collect())
    }
}

/// The first and the last port of a range.
fn range(text: &str) -> Option<(u32, u32)> {
    let (start, end) = text.split_once('-').unwrap_or((text, text));
    let (start, end) = (number(start)?, number(end)?);
    (start <= end).then_some((start, end))
}

fn number(text: &str) -> Option<u32> {
    // Rust would take a plus sign as well.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<u32>().ok().filter(|port| digits && *port <= 65_535)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(raw: &str) -> Result<Vec<String>, String> {
        PortSpec::parse(raw)?.ports()
    }

    #[test]
    fn reads_ports() {
        assert_eq!(ports("80").unwrap(), ["80/tcp"]);
        assert_eq!(ports("8000-8001/UDP").unwrap(), ["8000/udp", "8001/udp"]);
        assert_eq!(ports("127.0.0.1:80:81").unwrap(), ["81/tcp"]);
        assert_eq!(ports("[::1]:80:81").unwrap(), ["81/tcp"]);
        for (raw, message) in [
            ("/tcp", "invalid port: \"/tcp\": no port specified"),
            ("80/x", "invalid port: \"80/x\": invalid proto: x"),
            ("abc", "invalid containerPort: abc"),
            ("70000", "invalid containerPort: 70000"),
            ("+80", "invalid containerPort: +80"),
            ("9-8", "invalid containerPort: 9-8"),
            ("x:80", "invalid hostPort: x"),
            ("x:80:80", "invalid IP address: x"),
        ] {
            assert_eq!(ports(raw).unwrap_err(), message);
        }
    }
}
