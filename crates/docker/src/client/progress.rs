//! How progress is shown: line by line, or redrawn on a terminal.

use super::Call;
use crate::daemon::transfer::Progress;
use lab_session::text::size::human_size;

/// Where lines go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Out,
    Err,
}

/// Shows progress.
pub(crate) fn show(call: &mut Call<'_>, told: &[Progress], target: Target) {
    let terminal = call.terminal();
    let text = match terminal {
        Some((width, _)) => redrawn(told, width as usize),
        None => plain(told),
    };
    match target {
        Target::Out => call.out(&text),
        Target::Err => call.err(&text),
    }
}

/// Without a terminal nothing is said of bytes.
fn plain(told: &[Progress]) -> String {
    let mut text = String::new();
    for line in told.iter().filter(|line| line.bytes.is_none()) {
        match &line.id {
            Some(id) => text.push_str(&format!("{id}: {}\n", line.status)),
            None => text.push_str(&format!("{}\n", line.status)),
        }
    }
    text
}

/// On a terminal each layer has a line that is written anew; what is said of a tag or the whole goes below.
fn redrawn(told: &[Progress], width: usize) -> String {
    let mut text = String::new();
    let mut ids: Vec<&str> = Vec::new();
    for line in told {
        let Some(id) = line.id.as_deref().filter(|_| !line.status.starts_with("Pulling from")) else {
            ids.clear();
            match &line.id {
                Some(id) => text.push_str(&format!("{id}: {}\r\n", line.status)),
                None => text.push_str(&format!("{}\r\n", line.status)),
            }
            continue;
        };
        let at = ids.iter().position(|known| *known == id).unwrap_or_else(|| {
            text.push_str("\r\n");
            ids.push(id);
            ids.len() - 1
        });
        let up = ids.len() - at;
        let bar = line.bytes.map_or(String::new(), |(done, all)| bar(done, all, width));
        text.push_str(&format!("\x1b[{up}A\x1b[2K\r{id}: {} {bar}\r\x1b[{up}B", line.status));
    }
    text
}

/// `[=====>     ]  1.2MB/3MB`; without the bar where it has no room.
fn bar(done: u64, all: u64, width: usize) -> String {
    let numbers = format!("{:>8}/{}", human_size(done as f64), human_size(all as f64));
    if width < 110 {
        return numbers;
    }
    let percent = (done as f64 / all.max(1) as f64 * 100.0) as usize / 2;
    let percent = percent.min(50);
    format!("[{}>{}] {numbers}", "=".repeat(percent), " ".repeat(50 - percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars() {
        assert_eq!(
            bar(360_400, 1_901_000, 120),
            "[=========>                                         ]  360.4kB/1.901MB"
        );
        assert_eq!(bar(375, 375, 120), format!("[{}>]     375B/375B", "=".repeat(50)));
        assert_eq!(bar(375, 375, 80), "    375B/375B");
    }
}
