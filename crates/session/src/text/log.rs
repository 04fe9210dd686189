//! The build log as one text, as `--progress=plain` prints it.

use crate::protocol::LogLine;

/// Lines of a step under its number, an empty line between steps and before the warnings.
pub fn plain(lines: &[LogLine]) -> String {
    let mut text = String::new();
    let mut last: Option<&LogLine> = None;
    for line in lines {
        let is_header = line.vertex == 0 && line.kind == "name";
        let begins = match line.vertex {
            0 => line.kind == "warning" && last.is_some_and(|last| last.kind != "warning"),
            number => last.is_some_and(|last| last.vertex != number),
        };
        if begins {
            text.push('\n');
        }
        last = Some(line);
        if line.vertex > 0 || is_header {
            text.push_str(&format!("#{} ", line.vertex));
        }
        text.push_str(&line.text);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_and_warnings_stand_apart() {
        let line = |vertex, kind: &str, text: &str| LogLine {
            vertex,
            text: text.to_owned(),
            kind: kind.to_owned(),
            step: None,
        };
        let lines = [
            line(0, "name", "building"),
            line(1, "name", "[internal] load build definition from Dockerfile"),
            line(1, "warning", "WARN: A: b (line 1)"),
            line(1, "done", "DONE 0.0s"),
            line(2, "name", "[1/1] FROM docker.io/library/alpine"),
            line(2, "cached", "CACHED"),
            line(0, "warning", " 1 warning found (use docker --debug to expand):"),
            line(0, "warning", " - A: b (line 1)"),
            line(0, "plain", "Dockerfile:1"),
        ];
        let expected = "#0 building\n\n#1 [internal] load build definition from Dockerfile\n\
                        #1 WARN: A: b (line 1)\n#1 DONE 0.0s\n\n#2 [1/1] FROM docker.io/library/alpine\n#2 CACHED\n\n \
                        1 warning found (use docker --debug to expand):\n - A: b (line 1)\nDockerfile:1\n";
        assert_eq!(plain(&lines), expected);
    }
}
