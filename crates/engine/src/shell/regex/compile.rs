//! From the parts of an expression to a program.

use super::ast::{Assertion, Ast, Set};

/// An instruction of a program.
#[derive(Clone, Debug)]
pub(super) enum Inst {
    Char(char),
    Any,
    Class(Box<Set>),
    Assert(Assertion),
    Save(usize),
    /// Both ways, the first preferred.
    Split(usize, usize),
    Jump(usize),
    Reference(usize),
    /// Fails if nothing was taken since the slot was saved, so that `(a*)*` ends.
    Progress(usize),
    /// Whether the program from the next instruction on matches here, or before here; goes on at the place.
    Look {
        behind: bool,
        negated: bool,
        next: usize,
    },
    Match,
}

const MAX_PROGRAM: usize = 20_000;

/// The literal text at the beginning, and whether there is nothing else.
pub(super) fn prefix(ast: &Ast) -> (String, bool) {
    match ast {
        Ast::Char(c) => (c.to_string(), true),
        Ast::Concat(parts) => {
            let chars = parts.iter().map_while(|part| match part {
                Ast::Char(c) => Some(*c),
                _ => None,
            });
            let text: String = chars.collect();
            let whole = text.chars().count() == parts.len();
            (text, whole)
        }
        _ => (String::new(), false),
    }
}

/// Writes a program, one expression after the other.
pub(super) struct Compiler {
    pub(super) program: Vec<Inst>,
    /// The number of places that the program saves.
    pub(super) slots: usize,
}

type Compiled = Result<(), &'static str>;

impl Compiler {
    /// Adds what an expression does.
    pub(super) fn emit(&mut self, ast: &Ast) -> Compiled {
        if self.program.len() > MAX_PROGRAM {
            return Err("Regular expression too big");
        }
        match ast {
            Ast::Empty => {}
            Ast::Char(c) => self.program.push(Inst::Char(*c)),
            Ast::Any => self.program.push(Inst::Any),
            Ast::Class(set) => self.program.push(Inst::Class(Box::new(set.clone()))),
            Ast::Assert(assertion) => self.program.push(Inst::Assert(*assertion)),
            Ast::Reference(group) => self.program.push(Inst::Reference(*group)),
            Ast::Group(inner, group) => {
                self.program.push(Inst::Save(2 * group));
                self.emit(inner)?;
                self.program.push(Inst::Save(2 * group + 1));
            }
            Ast::Concat(parts) => {
                for part in parts {
                    self.emit(part)?;
                }
            }
            Ast::Alternate(parts) => self.emit_alternatives(parts)?,
            Ast::Keep => self.program.push(Inst::Save(0)),
            Ast::Look { inner, behind, negated } => {
                let look = self.reserve();
                self.emit(inner)?;
                self.program.push(Inst::Match);
                let next = self.program.len();
                self.program[look] = Inst::Look { behind: *behind, negated: *negated, next };
            }
            Ast::Repeat(inner, least, most) | Ast::Lazy(inner, least, most) => {
                let lazy = matches!(ast, Ast::Lazy(..));
                for _ in 0..*least {
                    self.emit(inner)?;
                }
                match most {
                    None => self.emit_star(inner, lazy)?,
                    Some(most) => self.emit_optional(inner, most.saturating_sub(*least), lazy)?,
                }
            }
        }
        Ok(())
    }

    /// A place for an instruction whose target is not known yet.
    fn reserve(&mut self) -> usize {
        self.program.push(Inst::Match);
        self.program.len() - 1
    }

    fn emit_alternatives(&mut self, parts: &[Ast]) -> Compiled {
        let Some((last, others)) = parts.split_last() else { return Ok(()) };
        let mut jumps = Vec::new();
        for part in others {
            let split = self.reserve();
            self.emit(part)?;
            jumps.push(self.reserve());
            self.program[split] = Inst::Split(split + 1, self.program.len());
        }
        self.emit(last)?;
        let end = self.program.len();
        for jump in jumps {
            self.program[jump] = Inst::Jump(end);
        }
        Ok(())
    }

    fn emit_star(&mut self, inner: &Ast, lazy: bool) -> Compiled {
        let slot = self.slots;
        self.slots += 1;
        let split = self.reserve();
        self.program.push(Inst::Save(slot));
        self.emit(inner)?;
        self.program.push(Inst::Progress(slot));
        self.program.push(Inst::Jump(split));
        self.program[split] = fork(split + 1, self.program.len(), lazy);
        Ok(())
    }

    fn emit_optional(&mut self, inner: &Ast, times: u32, lazy: bool) -> Compiled {
        let mut splits = Vec::new();
        for _ in 0..times {
            splits.push(self.reserve());
            self.emit(inner)?;
        }
        let end = self.program.len();
        for split in splits {
            self.program[split] = fork(split + 1, end, lazy);
        }
        Ok(())
    }
}

/// Both ways: into something once more, or on. What is lazy would rather go on.
fn fork(more: usize, on: usize, lazy: bool) -> Inst {
    if lazy { Inst::Split(on, more) } else { Inst::Split(more, on) }
}
