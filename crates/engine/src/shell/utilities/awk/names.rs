//! The names of a program: which variables and functions they are, and which variables are arrays.
//!
//! Whether a name is an array shows in how it is used. A variable that is only passed on is one if the function it is
//! passed to takes one there, so that is worked out over all functions at the end.

use super::ast::{Function, Var};
use super::dialect::Dialect;
use super::failure::Failure;
use super::parser::{Parsed, Parser, Passed};

impl Parser {
    /// The place of a global variable.
    pub(super) fn global(&mut self, name: &str) -> usize {
        if let Some(at) = self.program.globals.iter().position(|global| global == name) {
            return at;
        }
        self.program.globals.push(name.to_owned());
        self.program.arrays.push(false);
        self.program.globals.len() - 1
    }

    /// Where the variable of a name is.
    pub(super) fn place(&mut self, name: &str) -> Var {
        let local = self.function.and_then(|function| {
            self.program.functions[function].parameters.iter().position(|parameter| parameter == name)
        });
        local.map_or_else(|| Var::Global(self.global(name)), Var::Local)
    }

    /// The function of a name, which may be defined later.
    pub(super) fn function_named(&mut self, name: &str) -> usize {
        let functions = &mut self.program.functions;
        functions.iter().position(|function| function.name == name).unwrap_or_else(|| {
            functions.push(Function { name: name.to_owned(), ..Function::default() });
            functions.len() - 1
        })
    }

    /// A name that is used as a variable with one value.
    pub(super) fn variable(&mut self, name: &str) -> Parsed<Var> {
        let place = self.place(name);
        if self.dialect == Dialect::Mawk && self.is_array(place, self.function) {
            return self.fail("", format!("illegal reference to array {name}"));
        }
        Ok(place)
    }

    /// A name that is used as an array.
    pub(super) fn array(&mut self, name: &str) -> Parsed<Var> {
        let place = self.place(name);
        self.mark_array(place, self.function);
        Ok(place)
    }

    /// Notes a call, and what is passed to it as it is.
    pub(super) fn note_call(
        &mut self,
        line: usize,
        function: usize,
        bare: &[Option<String>],
    ) -> Vec<Option<Var>> {
        self.calls.push((line, function, bare.len()));
        let mut places = Vec::new();
        for (position, name) in bare.iter().enumerate() {
            let place = name.as_ref().map(|name| self.place(name));
            if let Some(variable) = place {
                self.passed.push(Passed { within: self.function, variable, function, position });
            }
            places.push(place);
        }
        places
    }

    fn is_array(&self, variable: Var, within: Option<usize>) -> bool {
        match variable {
            Var::Global(at) => self.program.arrays[at],
            Var::Local(at) => within.is_some_and(|function| self.program.functions[function].arrays[at]),
        }
    }

    fn mark_array(&mut self, variable: Var, within: Option<usize>) {
        match (variable, within) {
            (Var::Global(at), _) => self.program.arrays[at] = true,
            (Var::Local(at), Some(function)) => self.program.functions[function].arrays[at] = true,
            (Var::Local(_), None) => {}
        }
    }

    /// Arrays are passed to arrays: goes over all calls until nothing new comes out.
    pub(super) fn infer_arrays(&mut self) {
        let passed = std::mem::take(&mut self.passed);
        loop {
            let mut changed = false;
            for Passed { within, variable, function, position } in &passed {
                let parameter = Var::Local(*position);
                if self.program.functions[*function].arrays.len() <= *position {
                    continue;
                }
                let outside = self.is_array(*variable, *within);
                let inside = self.is_array(parameter, Some(*function));
                if outside != inside {
                    self.mark_array(*variable, *within);
                    self.mark_array(parameter, Some(*function));
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Every function that is called must be there, and take what it is given.
    pub(super) fn check_calls(&self) -> Result<(), Failure> {
        let missing = self.program.functions.iter().rev().filter(|function| !function.is_defined);
        let missing: Vec<String> = missing.map(|function| function.name.clone()).collect();
        if !missing.is_empty() {
            // mawk finds out behind the last line.
            let first = self.calls.iter().find(|call| !self.program.functions[call.1].is_defined);
            let line =
                if self.dialect == Dialect::Mawk { self.line() + 1 } else { first.map_or(1, |call| call.0) };
            return Err(Failure::Undefined(line, missing));
        }
        for (line, function, count) in &self.calls {
            let Function { name, parameters, .. } = &self.program.functions[*function];
            if *count > parameters.len() && self.dialect != Dialect::Busybox {
                return Err(Failure::Syntax(*line, format!("too many arguments in call to {name}")));
            }
        }
        Ok(())
    }
}
