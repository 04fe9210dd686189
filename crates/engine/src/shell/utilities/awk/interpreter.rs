//! Runs a program: its state, its rules and its statements.

use super::ast::{Expr, Pattern, Program, Rule, Statement, Var, special};
use super::dialect::Dialect;
use super::failure::{Failure, Stop};
use super::input::Inputs;
use super::output::Outputs;
use super::random::Random;
use super::record::Record;
use super::table::Table;
use super::value::{Text, Value};
use crate::shell::Process;
use crate::shell::regex::Regex;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// An array that may have several names.
pub(super) type Shared = Rc<RefCell<Table>>;

/// What a variable holds.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Value(Value),
    Array(Shared),
}

/// What a statement does to those around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    Break,
    Continue,
    Return,
}

pub(super) type Evaluated = Result<Value, Stop>;
type Executed = Result<Flow, Stop>;

/// Statements that are one step of the shell's limit: they are small.
const STATEMENTS_PER_STEP: u32 = 4;

/// A running program.
pub(super) struct Interpreter<'p, 'm, 'w> {
    pub process: &'p mut Process<'m, 'w>,
    pub program: Rc<Program>,
    pub dialect: Dialect,
    pub globals: Vec<Cell>,
    /// The variables of the function that runs.
    pub locals: Vec<Cell>,
    pub returned: Value,
    pub exit_code: i32,
    pub record: Record,
    pub inputs: Inputs,
    pub outputs: Outputs,
    pub random: Random,
    /// For each range whether it is inside.
    ranges: BTreeMap<usize, bool>,
    /// Expressions that were made while running.
    pub regexes: BTreeMap<Text, Rc<Regex>>,
    statements: u32,
}

impl<'p, 'm, 'w> Interpreter<'p, 'm, 'w> {
    /// A program before its first statement.
    pub(super) fn new(process: &'p mut Process<'m, 'w>, program: Program, dialect: Dialect) -> Self {
        let cell = |is_array: &bool| {
            if *is_array {
                Cell::Array(Rc::new(RefCell::new(Table::new(dialect))))
            } else {
                Cell::Value(Value::Unset)
            }
        };
        let mut globals: Vec<Cell> = program.arrays.iter().map(cell).collect();
        for (place, text) in [
            (special::FS, " "),
            (special::OFS, " "),
            (special::RS, "\n"),
            (special::ORS, "\n"),
            (special::SUBSEP, "\x1c"),
            (special::CONVFMT, "%.6g"),
            (special::OFMT, "%.6g"),
            (special::FILENAME, ""),
        ] {
            globals[place] = Cell::Value(Value::text_of(text));
        }
        for (place, number) in [
            (special::NF, 0.0),
            (special::NR, 0.0),
            (special::FNR, 0.0),
            (special::RSTART, 0.0),
            (special::RLENGTH, -1.0),
        ] {
            globals[place] = Cell::Value(Value::Number(number));
        }
        Self {
            process,
            program: Rc::new(program),
            dialect,
            globals,
            locals: Vec::new(),
            returned: Value::Unset,
            exit_code: 0,
            record: Record::default(),
            inputs: Inputs::default(),
            outputs: Outputs::default(),
            random: Random::new(dialect),
            ranges: BTreeMap::new(),
            regexes: BTreeMap::new(),
            statements: 0,
        }
    }

    /// Runs everything: `BEGIN`, the records, `END`.
    pub(super) fn run(&mut self) -> Result<(), Stop> {
        let program = self.program.clone();
        let mut ended = self.run_all(&program.begin);
        if ended.is_ok() && !(program.rules.is_empty() && program.end.is_empty()) {
            ended = self.run_records(&program.rules);
        }
        match ended {
            Ok(()) | Err(Stop::Exit) => {}
            other => return other,
        }
        match self.run_all(&program.end) {
            Err(Stop::Exit | Stop::Next | Stop::NextFile) => Ok(()),
            other => other,
        }
    }

    fn run_all(&mut self, actions: &[Vec<Statement>]) -> Result<(), Stop> {
        actions.iter().try_for_each(|action| self.block(action).map(|_| ()))
    }

    fn run_records(&mut self, rules: &[Rule]) -> Result<(), Stop> {
        while self.read_record()? {
            match rules.iter().try_for_each(|rule| self.apply(rule)) {
                Ok(()) | Err(Stop::Next) => {}
                Err(Stop::NextFile) => self.leave_file(),
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    fn apply(&mut self, rule: &Rule) -> Result<(), Stop> {
        self.count_statement()?;
        let selected = match &rule.pattern {
            Pattern::All => true,
            Pattern::When(condition) => self.condition(condition)?,
            Pattern::Range(from, to, number) => {
                let inside = self.ranges.get(number).copied().unwrap_or(false) || self.condition(from)?;
                if inside {
                    let ends = self.condition(to)?;
                    self.ranges.insert(*number, !ends);
                }
                inside
            }
        };
        if selected { self.block(&rule.action).map(|_| ()) } else { Ok(()) }
    }

    fn count_statement(&mut self) -> Result<(), Stop> {
        self.statements += 1;
        if self.statements.is_multiple_of(STATEMENTS_PER_STEP) {
            self.process.step(1)?;
        }
        Ok(())
    }

    pub(super) fn block(&mut self, statements: &[Statement]) -> Executed {
        for statement in statements {
            let flow = self.statement(statement)?;
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn statement(&mut self, statement: &Statement) -> Executed {
        self.count_statement()?;
        match statement {
            Statement::Expr(expr) => {
                self.evaluate(expr)?;
            }
            Statement::Print(list, redirection) => self.print(list, redirection.as_ref())?,
            Statement::Printf(list, redirection) => self.printf(list, redirection.as_ref())?,
            Statement::Block(statements) => return self.block(statements),
            Statement::If(condition, yes, no) => {
                let holds = self.condition(condition)?;
                return self.block(if holds { yes } else { no });
            }
            Statement::While(condition, body) => return self.repeat(Some(condition), body, None),
            Statement::DoWhile(body, condition) => {
                return match self.block(body)? {
                    Flow::Return => Ok(Flow::Return),
                    Flow::Break => Ok(Flow::On),
                    _ => self.repeat(Some(condition), body, None),
                };
            }
            Statement::For(start, condition, step, body) => {
                if let Some(start) = start {
                    self.statement(start)?;
                }
                return self.repeat(condition.as_ref(), body, step.as_deref());
            }
            Statement::ForIn(variable, array, body) => return self.for_each(*variable, *array, body),
            Statement::Delete(array, subscript) => self.delete(*array, subscript.as_deref())?,
            Statement::Exit(code) => {
                if let Some(code) = code {
                    self.exit_code = self.number(code)? as i64 as i32;
                }
                return Err(Stop::Exit);
            }
            Statement::Return(value) => {
                self.returned = match value {
                    Some(value) => self.evaluate(value)?,
                    None => Value::Unset,
                };
                return Ok(Flow::Return);
            }
            Statement::Next => return Err(Stop::Next),
            Statement::NextFile => return Err(Stop::NextFile),
            Statement::Break => return Ok(Flow::Break),
            Statement::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn repeat(&mut self, condition: Option<&Expr>, body: &[Statement], step: Option<&Statement>) -> Executed {
        loop {
            if let Some(condition) = condition
                && !self.condition(condition)?
            {
                return Ok(Flow::On);
            }
            self.count_statement()?;
            match self.block(body)? {
                Flow::Break => return Ok(Flow::On),
                Flow::Return => return Ok(Flow::Return),
                Flow::On | Flow::Continue => {}
            }
            if let Some(step) = step {
                self.statement(step)?;
            }
        }
    }

    /// Goes over the keys that are there at the beginning.
    fn for_each(&mut self, variable: Var, array: Var, body: &[Statement]) -> Executed {
        let Some(array) = self.array_of(array) else { return Ok(Flow::On) };
        let keys = array.borrow().keys();
        for key in keys {
            self.count_statement()?;
            // mawk and gawk go over what was there, BusyBox as well.
            self.set_variable(variable, Value::Input(key))?;
            match self.block(body)? {
                Flow::Break => break,
                Flow::Return => return Ok(Flow::Return),
                Flow::On | Flow::Continue => {}
            }
        }
        Ok(Flow::On)
    }

    fn delete(&mut self, array: Var, subscript: Option<&[Expr]>) -> Result<(), Stop> {
        let Some(array) = self.array_of(array) else { return Ok(()) };
        match subscript {
            None => array.borrow_mut().clear(),
            Some(subscript) => {
                let key = self.key(subscript)?;
                array.borrow_mut().remove(&key);
            }
        }
        Ok(())
    }

    /// The array of a variable, if it is one.
    pub(super) fn array_of(&self, variable: Var) -> Option<Shared> {
        let cell = match variable {
            Var::Global(at) => self.globals.get(at),
            Var::Local(at) => self.locals.get(at),
        };
        match cell {
            Some(Cell::Array(array)) => Some(array.clone()),
            _ => None,
        }
    }

    /// The array that is passed at a position, if there is one.
    pub(super) fn array_argument(&self, arguments: &[Expr], position: usize) -> Option<Shared> {
        match arguments.get(position)? {
            Expr::Var(variable) => self.array_of(*variable),
            _ => None,
        }
    }

    /// Calls a function of the program.
    pub(super) fn call(&mut self, function: usize, arguments: &[Expr]) -> Evaluated {
        let program = self.program.clone();
        let callee = &program.functions[function];
        let mut locals = Vec::with_capacity(callee.parameters.len());
        for (at, argument) in arguments.iter().enumerate() {
            let cell = match argument {
                Expr::Var(variable) => match self.array_of(*variable) {
                    Some(array) => Cell::Array(array),
                    None => Cell::Value(self.evaluate(argument)?),
                },
                _ => Cell::Value(self.evaluate(argument)?),
            };
            if at < callee.parameters.len() {
                locals.push(cell);
            }
        }
        for is_array in callee.arrays.iter().skip(locals.len()) {
            locals.push(if *is_array {
                Cell::Array(Rc::new(RefCell::new(Table::new(self.dialect))))
            } else {
                Cell::Value(Value::Unset)
            });
        }
        self.process.machine.enter()?;
        let outer = std::mem::replace(&mut self.locals, locals);
        let result = self.block(&callee.body);
        self.locals = outer;
        self.process.machine.leave();
        let flow = result?;
        let returned = std::mem::replace(&mut self.returned, Value::Unset);
        Ok(if flow == Flow::Return { returned } else { Value::Unset })
    }

    /// Sets a variable from the command line: `name=value`.
    pub(super) fn assign(&mut self, name: &str, value: &str) -> Result<(), Stop> {
        let text = super::lexer::unescape(value, self.dialect);
        match self.program.globals.iter().position(|global| global == name) {
            Some(place) if matches!(self.globals[place], Cell::Value(_)) => {
                self.set_global(place, Value::Input(text.into()))
            }
            // Nobody asks for it.
            _ => Ok(()),
        }
    }

    /// What mawk prints below a message: where the input was.
    pub(super) fn place(&self) -> String {
        let text = |place: usize| self.global_text(place);
        format!(
            "\tFILENAME=\"{}\" FNR={} NR={}\n",
            text(special::FILENAME),
            text(special::FNR),
            text(special::NR)
        )
    }

    /// A failure while running.
    pub(super) fn failed<T>(&self, busybox: &str, mawk: &str) -> Result<T, Stop> {
        let text = if self.dialect == Dialect::Busybox { busybox } else { mawk };
        Err(Stop::Failed(Failure::Running(text.to_owned())))
    }
}
