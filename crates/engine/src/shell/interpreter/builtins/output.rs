//! `echo printf test let`: builtins that are utilities as well.

use crate::shell::interpreter::{Shell, Status};
use crate::shell::language::Dialect;
use crate::shell::utilities;

/// `echo`
pub(super) fn echo(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let dash = shell.state.dialect == Dialect::Dash;
    Ok(utilities::echo::echo(&mut shell.process, &words[1..], !dash, dash)?)
}

/// `printf`
pub(super) fn printf(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    if shell.state.dialect == Dialect::Bash
        && words.get(1).is_some_and(|word| word == "-v")
        && words.len() > 3
    {
        let bytes = shell.captured(|shell| {
            let mut rest = vec![words[0].clone()];
            rest.extend_from_slice(&words[3..]);
            print(shell, &rest)
        })?;
        shell.assign(&words[2], crate::shell::bytes::to_text(&bytes))?;
        return Ok(0);
    }
    print(shell, words)
}

/// Prints, and complains as the shell does.
fn print(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let dialect = shell.state.dialect;
    if dialect == Dialect::Ash {
        return run(shell, words.to_vec(), utilities::printf::main);
    }
    let args = if words.get(1).is_some_and(|word| word == "--") { &words[2..] } else { &words[1..] };
    if args.is_empty() {
        match dialect {
            Dialect::Bash => {
                shell.process.error_output("printf: usage: printf [-v var] format [arguments]\n")?;
            }
            _ => shell.error(Some("printf"), "usage: printf format [arg ...]")?,
        }
        return Ok(2);
    }
    let (out, errors, invalid) = utilities::printf::formatted(
        &mut shell.process,
        args,
        dialect == Dialect::Bash,
        dialect == Dialect::Bash,
    )?;
    shell.process.output_bytes(&out)?;
    if let Some(invalid) = invalid {
        let letter = invalid.chars().last().unwrap_or('%');
        match dialect {
            Dialect::Bash if letter.is_ascii_digit() || invalid.len() < 2 => {
                shell.error(Some("printf"), &format!("`{invalid}': missing format character"))?;
                return Ok(1);
            }
            Dialect::Bash => {
                shell.error(Some("printf"), &format!("`{letter}': invalid format character"))?;
                return Ok(1);
            }
            _ => {
                shell.error(Some("printf"), &format!("{invalid}: invalid directive"))?;
                return Ok(2);
            }
        }
    }
    for error in &errors {
        let what = if dialect == Dialect::Bash { "invalid number" } else { "expected numeric value" };
        shell.error(Some("printf"), &format!("{error}: {what}"))?;
    }
    Ok(i32::from(!errors.is_empty()))
}

/// `test`, `[` and ash's `[[`
pub(super) fn test(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let patterns = words[0] == "[[";
    let mut operands = &words[1..];
    let closing = match words[0].as_str() {
        "[" => Some("]"),
        "[[" => Some("]]"),
        _ => None,
    };
    let joined: Vec<String>;
    let result = match closing {
        Some(closing) if operands.last().is_none_or(|word| word != closing) => {
            Err(match shell.state.dialect {
                Dialect::Bash => format!("missing `{closing}'"),
                _ => format!("missing {closing}"),
            })
        }
        _ => {
            if closing.is_some() {
                operands = &operands[..operands.len() - 1];
            }
            if patterns {
                let word = |word: &String| match word.as_str() {
                    "&&" => "-a".to_owned(),
                    "||" => "-o".to_owned(),
                    _ => word.clone(),
                };
                joined = operands.iter().map(word).collect();
                operands = &joined;
            }
            match operands {
                [left, operator, _] if operator == "==" && shell.state.dialect == Dialect::Dash => {
                    Err(format!("{left}: unexpected operator"))
                }
                _ => utilities::test::evaluate(&mut shell.process, operands, patterns),
            }
        }
    };
    match result {
        Ok(value) => Ok(i32::from(!value)),
        Err(message) => {
            // In BusyBox the applet speaks, by the name of the shell.
            match shell.state.dialect {
                Dialect::Ash => shell.process.error_output(&format!("sh: {message}\n"))?,
                Dialect::Bash => {
                    let message = match message.strip_prefix("Illegal number: ") {
                        Some(number) => format!("{number}: integer expression expected"),
                        None if message.starts_with("missing") => message,
                        None if operands.len() == 2 => format!("{}: unary operator expected", operands[0]),
                        None if operands.len() == 3 => format!("{}: binary operator expected", operands[1]),
                        None => "too many arguments".to_owned(),
                    };
                    shell.error(Some(&words[0]), &message)?;
                }
                Dialect::Dash => shell.error(Some(&words[0]), &message)?,
            }
            Ok(2)
        }
    }
}

/// `let`
pub(super) fn let_values(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let mut value = 0;
    let bash = shell.state.dialect == Dialect::Bash;
    if words.len() < 2 {
        shell.error(Some("let"), "expression expected")?;
        return Ok(if bash { 1 } else { 2 });
    }
    for word in &words[1..] {
        match shell.evaluate(word) {
            Ok(result) => value = result,
            Err(message) => {
                let message = shell.arithmetic_message(word, &message);
                shell.error(Some("let"), &message)?;
                return Ok(if bash { 1 } else { 2 });
            }
        }
    }
    Ok(i32::from(value == 0))
}

fn run(shell: &mut Shell<'_, '_>, words: Vec<String>, main: utilities::Main) -> Status {
    let name = shell.own_name(&words[0]);
    let mut words = words;
    words[0] = name;
    let old = std::mem::replace(&mut shell.process.arguments, words);
    let status = main(&mut shell.process);
    shell.process.arguments = old;
    Ok(status?)
}

impl Shell<'_, '_> {
    /// The name by which a builtin complains: in BusyBox that of the shell.
    fn own_name(&self, builtin: &str) -> String {
        match self.state.dialect {
            Dialect::Ash => "sh".to_owned(),
            _ => builtin.to_owned(),
        }
    }

    /// What something prints.
    fn captured(
        &mut self,
        body: impl FnOnce(&mut Self) -> Status,
    ) -> Result<Vec<u8>, crate::shell::interpreter::Flow> {
        use crate::shell::files::{OpenFile, Pipe, handle};
        let limit = self.process.machine.pipe_limit();
        let pipe = std::rc::Rc::new(std::cell::RefCell::new(Pipe { bound: limit, ..Pipe::default() }));
        let old = self.process.files_mut().set(1, Some(handle(OpenFile::Pipe(pipe.clone()))));
        let status = body(self);
        self.process.files_mut().set(1, old);
        status?;
        let bytes = std::mem::take(&mut pipe.borrow_mut().bytes);
        Ok(bytes)
    }
}
