//! Finding heredocs in a line: `<<EOF`, `<<-EOF`, `3<<"EOF"`.

use super::ast::Heredoc;
use super::expand::Expander;

/// The heredocs that the words of a line announce, without their content.
pub(super) fn in_line(line: &str) -> Result<Vec<Heredoc>, String> {
    let expander = Expander { raw_quotes: true, raw_escapes: true, skip_unset: true, ..Expander::new('\\') };
    // A line with an open quote announces none; the shell that gets it will complain.
    let words = expander.expand(line, &()).map(|expansion| expansion.words).unwrap_or_default();
    words.iter().filter_map(|word| in_word(word).transpose()).collect()
}

/// The heredoc that one word announces, if it does.
pub(super) fn in_word(word: &str) -> Result<Option<Heredoc>, String> {
    let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let Some(rest) = word[digits..].strip_prefix("<<") else { return Ok(None) };
    let (chomp, name) = match rest.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, rest),
    };
    if name.is_empty() || name.contains('<') {
        return Ok(None);
    }
    let plain = Expander { skip_unset: true, ..Expander::new('\\') };
    let words = plain.expand(name, &()).map_err(|error| error.message)?.words;
    let [unquoted] = words.as_slice() else { return Ok(None) };
    // The name was quoted if fewer quotation marks are left when quotes are taken as quotes.
    let raw = Expander { raw_quotes: true, ..plain }.expand(name, &()).map_err(|error| error.message)?.words;
    let [quoted] = raw.as_slice() else {
        return Err(format!("internal lexing of heredoc produced inconsistent results: {name}"));
    };
    Ok(Some(Heredoc {
        name: unquoted.clone(),
        descriptor: word[..digits].parse().unwrap_or(0),
        expand: marks(unquoted) == marks(quoted),
        chomp,
        content: String::new(),
    }))
}

fn marks(word: &str) -> usize {
    word.matches(['\'', '"']).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_heredocs() {
        let names = |line: &str| -> Vec<(String, bool, bool, u32)> {
            let found = in_line(line).unwrap();
            found.into_iter().map(|doc| (doc.name, doc.expand, doc.chomp, doc.descriptor)).collect()
        };
        assert_eq!(names("RUN cat <<EOF >/x"), [("EOF".into(), true, false, 0)]);
        assert_eq!(
            names("COPY <<-'A' 3<<\"B C\" /"),
            [("A".into(), false, true, 0), ("B C".into(), false, false, 3)]
        );
        for line in ["RUN cat<<EOF", "RUN a <<<b", "RUN a << b", "RUN a '<<EOF'", "RUN a \"x <<EOF"] {
            assert_eq!(names(line), [], "{line}");
        }
    }
}
