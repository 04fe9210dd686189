//! What a shell remembers.

use super::redirect::Saved;
use crate::shell::files::{FileTable, Pipe};
use crate::shell::language::{Command, Dialect, List, Source};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A variable.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::shell) struct Variable {
    /// `None` for one that is exported or read-only but not set.
    pub value: Option<Value>,
    pub exported: bool,
    pub read_only: bool,
    /// `declare -i`
    pub integer: bool,
    /// `declare -u` and `-l`: whether to upper case.
    pub upper: Option<bool>,
    /// `declare -n`: its value is the name of the variable that is meant.
    pub reference: bool,
    /// Its place in the environment.
    pub order: u32,
}

/// The value of a variable.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) enum Value {
    Text(String),
    /// bash's indexed array.
    Array(BTreeMap<i64, String>),
    /// bash's associative array.
    Map(BTreeMap<String, String>),
}

/// `set -e` and so on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::shell) struct Options {
    pub errexit: bool,
    pub nounset: bool,
    pub xtrace: bool,
    pub pipefail: bool,
    pub noglob: bool,
    pub noexec: bool,
    pub verbose: bool,
    pub allexport: bool,
    pub noclobber: bool,
    /// `set -E`
    pub errtrace: bool,
    /// `set -T`
    pub functrace: bool,
    /// The options of `shopt`, by their names.
    pub nullglob: bool,
    pub dotglob: bool,
    pub expand_aliases: bool,
    pub extglob: bool,
    pub failglob: bool,
    pub globstar: bool,
    pub lastpipe: bool,
    pub nocasematch: bool,
    pub nocaseglob: bool,
    pub inherit_errexit: bool,
}

/// A function that is called, or a file that is read in.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Call {
    /// `source` for a file.
    pub name: String,
    /// Where it is called.
    pub line: u32,
    /// The file that it is in, as far as that is known.
    pub file: Source,
}

/// A process substitution, until the command that it is for has ended.
#[derive(Clone, Debug)]
pub(in crate::shell) struct OpenProcess {
    /// The descriptor that its name stands for.
    pub fd: u32,
    /// Of `>(…)`: what reads what was written, with the files that it was started with.
    pub reader: Option<(Rc<List>, Rc<RefCell<Pipe>>, FileTable)>,
}

/// Everything that a subshell copies.
#[derive(Clone, Debug)]
pub(in crate::shell) struct State {
    pub dialect: Dialect,
    /// `$0`
    pub name: String,
    /// Whether it reads a script file, so that messages name lines.
    pub is_script: bool,
    pub positional: Vec<String>,
    pub variables: BTreeMap<String, Variable>,
    pub next_order: u32,
    pub functions: BTreeMap<String, Rc<Command>>,
    pub aliases: Rc<BTreeMap<String, String>>,
    pub options: Options,
    /// `$?`
    pub status: i32,
    /// The status of the last substitution in the words of a command.
    pub substituted: Option<i32>,
    /// What the assignments before a command have made, where its trace needed to know.
    pub expanded: Option<Vec<Option<Variable>>>,
    pub traps: BTreeMap<String, String>,
    /// Loops around, which `break` may leave.
    pub loops: u32,
    /// The functions and files around, the innermost first.
    pub calls: Vec<Call>,
    /// What `SECONDS` was set to, and when.
    pub seconds: (i64, f64),
    /// The saved variables of each function around.
    pub locals: Vec<Vec<(String, Option<Variable>)>>,
    /// `.` around, which `return` may leave.
    pub sourced: u32,
    /// Above zero where a failure is looked at and `set -e` does not count.
    pub tested: u32,
    pub is_subshell: bool,
    /// How many subshells there are around.
    pub subshells: u32,
    /// Whether its commands are moments to come back to.
    pub counted: bool,
    /// Whether a person types into it.
    pub interactive: bool,
    /// Whether it was asked to end, and does not end because of an error.
    pub exits: bool,
    /// Substitutions around.
    pub substitutions: usize,
    pub line: u32,
    /// `$$`
    pub pid: u32,
    /// `$!`
    pub background: Option<u32>,
    /// The numbers and process IDs of what was put into the background.
    pub jobs: Vec<(u32, u32)>,
    /// The argument that `getopts` is at in ash and dash, from 1.
    pub getopts_index: usize,
    /// Within the argument that `getopts` is in.
    pub getopts_at: usize,
    /// What `ulimit` was told.
    pub limits: BTreeMap<char, String>,
    /// Whether a trap that is no signal is being run: none is within it.
    pub trapped: bool,
    /// Whether `!` stands before the part of `[[ … ]]` that is looked at.
    pub negated_test: bool,
    /// The text of the command that runs, for `BASH_COMMAND`.
    pub command: Source,
    /// In ash: what the descriptors were before the redirections around.
    pub redirected: Vec<Saved>,
    /// What `<(…)` and `>(…)` opened.
    pub processes: Vec<OpenProcess>,
    /// The builtin that runs, or the file that is read by `.`: ash and dash name it in their messages.
    pub context: Option<String>,
    /// What the last command of a pipeline that ran in this shell ended more than itself with.
    pub left: Option<super::Flow>,
    /// `PIPESTATUS`
    pub pipe_status: Vec<i32>,
    /// The directory stack of `pushd`, without the present one.
    pub directories: Vec<String>,
}

impl State {
    pub(crate) fn new(dialect: Dialect, name: &str) -> Self {
        Self {
            dialect,
            name: name.to_owned(),
            is_script: false,
            positional: Vec::new(),
            variables: BTreeMap::new(),
            next_order: 0,
            functions: BTreeMap::new(),
            aliases: Rc::default(),
            options: Options::default(),
            status: 0,
            substituted: None,
            expanded: None,
            traps: BTreeMap::new(),
            loops: 0,
            calls: Vec::new(),
            seconds: (0, 0.0),
            locals: Vec::new(),
            sourced: 0,
            tested: 0,
            is_subshell: false,
            subshells: 0,
            counted: false,
            interactive: false,
            exits: false,
            substitutions: 0,
            line: 1,
            pid: 1,
            background: None,
            jobs: Vec::new(),
            getopts_index: 1,
            getopts_at: 0,
            limits: BTreeMap::new(),
            trapped: false,
            negated_test: false,
            command: Source::default(),
            redirected: Vec::new(),
            processes: Vec::new(),
            context: None,
            left: None,
            pipe_status: Vec::new(),
            directories: Vec::new(),
        }
    }

    /// The value of a variable as text; the first element of an array.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        match self.variables.get(name)?.value.as_ref()? {
            Value::Text(text) => Some(text),
            Value::Array(elements) => elements.get(&0).map(String::as_str),
            Value::Map(elements) => elements.get("0").map(String::as_str),
        }
    }

    /// Sets a variable without a look at `readonly`; `false` if it is read-only.
    pub(crate) fn set(&mut self, name: &str, value: String) -> bool {
        let allexport = self.options.allexport;
        let variable = self.variable(name);
        if variable.read_only {
            return false;
        }
        variable.exported |= allexport;
        match &mut variable.value {
            Some(Value::Array(elements)) => {
                elements.insert(0, value);
            }
            slot => *slot = Some(Value::Text(value)),
        }
        true
    }

    /// A variable, made if it is not there.
    pub(crate) fn variable(&mut self, name: &str) -> &mut Variable {
        let next_order = &mut self.next_order;
        self.variables.entry(name.to_owned()).or_insert_with(|| {
            *next_order += 1;
            Variable { order: *next_order, ..Variable::default() }
        })
    }

    /// The exported variables in their order.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let mut exported: Vec<(u32, &String, &String)> = self
            .variables
            .iter()
            .filter(|(_, variable)| variable.exported)
            .filter_map(|(name, variable)| match &variable.value {
                Some(Value::Text(value)) => Some((variable.order, name, value)),
                _ => None,
            })
            .collect();
        crate::order::sort(&mut exported);
        exported.into_iter().map(|(_, name, value)| (name.clone(), value.clone())).collect()
    }
}
