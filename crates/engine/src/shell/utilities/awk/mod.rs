//! `awk`: the whole language, as BusyBox, mawk and gawk run it.
//!
//! Input: a program, variables and files. Output: what the program prints, to wherever it says, and its exit code.
//! [`lexer`] and [`parser`] make an [`ast`]; [`interpreter`] runs it. All text is taken byte by byte, as it is in
//! containers, which have no locale.

mod ast;
mod builtins;
mod dialect;
mod evaluate;
mod expressions;
mod failure;
mod format;
mod input;
mod interpreter;
mod lexer;
mod names;
mod output;
mod parser;
mod pattern;
mod random;
mod record;
mod separator;
mod substitute;
mod table;
#[cfg(test)]
mod tests;
mod value;

use super::usage;
use crate::shell::bytes::{bytewise, to_bytes};
use crate::shell::{ExitCode, Interrupt, Outcome, Process};
use ast::special;
use dialect::Dialect;
use failure::{Failure, Stop};
use interpreter::{Cell, Interpreter};
use value::{Text, Value};

/// The command line.
#[derive(Default)]
struct Invocation {
    /// The text of the program, and the name of the file that it came from.
    program: Option<String>,
    source: String,
    separator: Option<String>,
    assignments: Vec<String>,
    operands: Vec<String>,
}

/// Runs a program over files.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let dialect = Dialect::of(process);
    let invocation = match read_arguments(process, dialect)? {
        Ok(invocation) => invocation,
        Err(code) => return Ok(code),
    };
    let name = process.name().to_owned();
    let text = invocation.program.clone().unwrap_or_default();
    let program = match parser::parse(&text, dialect) {
        Ok(program) => program,
        Err(failure) => {
            process.error_output(&failure.text(dialect, &name, &invocation.source, ""))?;
            let syntax = matches!(failure, Failure::Syntax(..)) && dialect == Dialect::Gawk;
            return Ok(if syntax { 1 } else { dialect.failure_code() });
        }
    };
    let mut interpreter = Interpreter::new(process, program, dialect);
    interpreter.set_environment(&invocation);
    let ended = match interpreter.prepare(&invocation) {
        Ok(()) => interpreter.run(),
        Err(stop) => Err(stop),
    };
    match ended {
        Ok(()) | Err(Stop::Exit | Stop::Next | Stop::NextFile) => {
            interpreter.finish()?;
            Ok(interpreter.exit_code & 0xff)
        }
        Err(Stop::Interrupt(interrupt)) => Err(interrupt),
        Err(Stop::Failed(failure)) => {
            let text = failure.text(dialect, &name, &invocation.source, &interpreter.place());
            interpreter.process.error_output(&text)?;
            interpreter.finish()?;
            Ok(dialect.failure_code())
        }
    }
}

impl Interpreter<'_, '_, '_> {
    /// `ENVIRON`, `ARGV` and `ARGC`.
    fn set_environment(&mut self, invocation: &Invocation) {
        let byte_text = |text: &str| bytewise(&to_bytes(text));
        if let Cell::Array(environment) = &self.globals[special::ENVIRON] {
            let mut environment = environment.borrow_mut();
            for (name, value) in &self.process.environment {
                *environment.element(&byte_text(name).into()) = Value::Input(byte_text(value).into());
            }
        }
        let own_name = match self.dialect {
            Dialect::Gawk => "gawk".to_owned(),
            _ => self.process.name().to_owned(),
        };
        if let Cell::Array(words) = &self.globals[special::ARGV] {
            let mut words = words.borrow_mut();
            for (at, word) in std::iter::once(&own_name).chain(&invocation.operands).enumerate() {
                *words.element(&Text::from(at.to_string())) = Value::Input(byte_text(word).into());
            }
        }
        self.globals[special::ARGC] = Cell::Value(Value::Number(invocation.operands.len() as f64 + 1.0));
    }

    /// What `-F` and `-v` say.
    fn prepare(&mut self, invocation: &Invocation) -> Result<(), Stop> {
        if let Some(separator) = &invocation.separator {
            // POSIX: `-Ft` is a tab.
            let separator =
                if separator == "t" && self.dialect != Dialect::Busybox { "\\t" } else { separator };
            self.assign("FS", separator)?;
        }
        for assignment in &invocation.assignments {
            if let Some((name, value)) = input::assignment(assignment) {
                self.assign(name, value)?;
            }
        }
        Ok(())
    }
}

/// Reads the command line; or says what is wrong with it, and gives the exit code.
fn read_arguments(
    process: &mut Process<'_, '_>,
    dialect: Dialect,
) -> Result<Result<Invocation, ExitCode>, Interrupt> {
    let byte_text = |text: &str| bytewise(&to_bytes(text));
    let mut invocation = Invocation::default();
    let mut rest: std::collections::VecDeque<String> = process.args().to_vec().into();
    while let Some(word) = rest.pop_front() {
        if word == "--" {
            break;
        }
        let Some(letter) = word.strip_prefix('-').and_then(|rest| rest.chars().next()) else {
            rest.push_front(word);
            break;
        };
        if let Some(code) = information(process, dialect, &word)? {
            return Ok(Err(code));
        }
        if !"Fvfe".contains(letter) || letter == 'e' && dialect == Dialect::Mawk {
            if dialect == Dialect::Gawk && (word.starts_with("--") || "bcCghnNOPrStM".contains(letter)) {
                continue;
            }
            return bad_option(process, dialect, &word, letter).map(Err);
        }
        let attached = word[2..].to_owned();
        let Some(value) = (if attached.is_empty() { rest.pop_front() } else { Some(attached) }) else {
            return missing_value(process, dialect, letter).map(Err);
        };
        match letter {
            'F' => invocation.separator = Some(byte_text(&value)),
            'v' if input::assignment(&value).is_none() => {
                if dialect == Dialect::Busybox {
                    return usage::print(process).map(Err);
                }
                process.complain(&format!("improper assignment: -v {value}"))?;
                return Ok(Err(2));
            }
            'v' => invocation.assignments.push(byte_text(&value)),
            'e' => add_program(&mut invocation, &byte_text(&value)),
            _ => match read_program(process, &value)? {
                Ok(bytes) => {
                    add_program(&mut invocation, &bytewise(&bytes));
                    invocation.source = value;
                }
                Err(reason) => {
                    let failure = match dialect {
                        Dialect::Busybox => format!("can't open '{value}': {reason}"),
                        Dialect::Mawk => format!("cannot open {value} ({reason})"),
                        Dialect::Gawk => {
                            format!("fatal: cannot open source file `{value}' for reading: {reason}")
                        }
                    };
                    process.complain(&failure)?;
                    return Ok(Err(dialect.failure_code()));
                }
            },
        }
    }
    if invocation.program.is_none() {
        match rest.pop_front() {
            Some(text) => invocation.program = Some(byte_text(&text)),
            None => return no_program(process, dialect).map(Err),
        }
    }
    invocation.operands = rest.into();
    Ok(Ok(invocation))
}

fn add_program(invocation: &mut Invocation, text: &str) {
    let program = invocation.program.get_or_insert_default();
    if !program.is_empty() {
        program.push('\n');
    }
    program.push_str(text);
}

/// The bytes of a program's file, or why they cannot be read.
fn read_program(
    process: &mut Process<'_, '_>,
    path: &str,
) -> Result<Result<Vec<u8>, &'static str>, Interrupt> {
    if path == "-" {
        return process.read_input().map(Ok);
    }
    match super::support::open_file(process, path) {
        Ok(input) => process.read_all(&input).map(Ok),
        Err(error) => Ok(Err(error.kind.message())),
    }
}

/// `--version` and the like.
fn information(
    process: &mut Process<'_, '_>,
    dialect: Dialect,
    word: &str,
) -> Result<Option<ExitCode>, Interrupt> {
    match (dialect, word) {
        (Dialect::Mawk, "-Wv" | "-Wversion" | "--version" | "-V") => {
            process.output("mawk 1.3.4 20200120\nCopyright 2008-2019,2020, Thomas E. Dickey\nCopyright 1991-1996,2014, Michael D. Brennan\n")?;
            Ok(Some(0))
        }
        (Dialect::Gawk, "-V" | "--version") => {
            process.output("GNU Awk 5.2.1, API 3.2, PMA Avon 8-g1, (GNU MPFR 4.2.0, GNU MP 6.2.1)\n")?;
            Ok(Some(0))
        }
        _ => Ok(None),
    }
}

fn bad_option(
    process: &mut Process<'_, '_>,
    dialect: Dialect,
    word: &str,
    letter: char,
) -> Result<ExitCode, Interrupt> {
    match dialect {
        Dialect::Busybox => {
            let text = if word.starts_with("--") {
                format!("unrecognized option '{word}'")
            } else {
                format!("invalid option -- '{letter}'")
            };
            process.complain(&text)?;
            usage::print(process)
        }
        Dialect::Mawk => {
            process.complain(&format!("not an option: {word}"))?;
            Ok(2)
        }
        Dialect::Gawk => {
            process.complain(&format!("invalid option -- '{letter}'"))?;
            Ok(1)
        }
    }
}

fn missing_value(
    process: &mut Process<'_, '_>,
    dialect: Dialect,
    letter: char,
) -> Result<ExitCode, Interrupt> {
    match dialect {
        Dialect::Mawk => {
            process.complain(&format!("option -{letter} lacks argument"))?;
            Ok(2)
        }
        _ => {
            process.complain(&format!("option requires an argument -- '{letter}'"))?;
            if dialect == Dialect::Busybox { usage::print(process) } else { Ok(1) }
        }
    }
}

fn no_program(process: &mut Process<'_, '_>, dialect: Dialect) -> Result<ExitCode, Interrupt> {
    match dialect {
        Dialect::Busybox => usage::print(process),
        Dialect::Mawk => {
            process.error_output(MAWK_USAGE)?;
            Ok(0)
        }
        Dialect::Gawk => {
            process.error_output("Usage: gawk [POSIX or GNU style options] -f progfile [--] file ...\n")?;
            Ok(1)
        }
    }
}

/// The line that says how it is called. What mawk explains below it is text of its authors and left out.
const MAWK_USAGE: &str = "Usage: mawk [Options] [Program] [file ...]\n";
