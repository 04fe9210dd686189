//! Ports as `EXPOSE` writes them.

/// `80`, `80/udp`, `8000-8010/tcp`, `127.0.0.1:8080:80`: the container's ports with their protocol.
pub(super) fn port_specs(text: &str) -> Result<Vec<String>, String> {
    let invalid = || format!("invalid containerPort: {text}");
    let (rest, protocol) = match text.split_once('/') {
        Some((rest, protocol)) => (rest, protocol.to_lowercase()),
        None => (text, "tcp".to_owned()),
    };
    let port = rest.rsplit(':').next().unwrap_or(rest);
    if port.is_empty() {
        return Err(format!("no port specified: {text}<empty>"));
    }
    if !matches!(protocol.as_str(), "tcp" | "udp" | "sctp") {
        return Err(format!("invalid proto: {protocol}"));
    }
    let number = |text: &str| text.parse::<u16>().map_err(|_| invalid());
    let (first, last) = match port.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(port)?, number(port)?),
    };
    if last < first {
        return Err(invalid());
    }
    Ok((first..=last).map(|port| format!("{port}/{protocol}")).collect())
}

#[cfg(test)]
mod tests {
    use super::port_specs;

    #[test]
    fn ports() {
        let specs = |text| port_specs(text).map(|ports| ports.join(" "));
        assert_eq!(specs("80").as_deref(), Ok("80/tcp"));
        assert_eq!(specs("9000-9002/UDP").as_deref(), Ok("9000/udp 9001/udp 9002/udp"));
        assert_eq!(specs("127.0.0.1:8080:80").as_deref(), Ok("80/tcp"));
        assert_eq!(specs("abc"), Err("invalid containerPort: abc".to_owned()));
        assert!(specs("80/x").is_err() && specs("3-2").is_err());
    }
}
