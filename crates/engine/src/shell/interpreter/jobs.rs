//! Commands in the background.
//!
//! Nothing runs at the same time here, and time passes only where something sleeps. So a command in the background waits
//! until the shell does what takes time: runs a program, sleeps, or waits for it. Then it goes on as far as its own
//! clock has not gone beyond the shell's, and stops where it sleeps longer. What is a loop or a list in it can stop
//! between any two commands; anything else runs in one piece. What still sleeps when the first shell ends is gone, as
//! in a container.

use super::state::State;
use super::{Flow, Shell};
use crate::shell::command::{CommandKind, Flavour};
use crate::shell::credentials::Credentials;
use crate::shell::files::{FileTable, OpenFile, handle};
use crate::shell::interrupt::Interrupt;
use crate::shell::language::{Command, Compound, Dialect, Item, List};
use crate::shell::process::Process;
use std::collections::VecDeque;
use std::rc::Rc;

/// As many commands can be in the background at once: a limit of processes, as machines have it.
const MOST: usize = 1000;
/// Commands in the background that are looked at in one step.
const SEEN_PER_STEP: usize = 64;
/// The seconds that bash waits for another process to end, before it gives up.
const RETRIES: [f64; 4] = [1.0, 2.0, 4.0, 8.0];

/// A command in the background that has not come to its end.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Waiting {
    pub pid: u32,
    /// How far it is, in seconds that were slept.
    pub clock: f64,
    pub state: State,
    /// Signals that it has traps for.
    pub signals: Vec<usize>,
    /// What is left to be done, the next last.
    rest: Vec<Frame>,
    environment: Vec<(String, String)>,
    arguments: Vec<String>,
    cwd: String,
    credentials: Credentials,
    umask: u32,
    flavour: Flavour,
    files: FileTable,
}

/// How a command in the background ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shell) struct Ended {
    pub status: i32,
    /// Whether its end by a signal has to be told.
    pub killed: bool,
    /// Whether it may be a server that would still run: a program that is not simulated.
    pub lingers: bool,
    /// Whether it was waited for.
    pub told: bool,
}

/// A part of a command that can be stopped in.
#[derive(Clone, Debug)]
enum Frame {
    /// All of it.
    Start(Rc<List>),
    /// A list, from one of its items on.
    List(Rc<List>, usize),
    /// What is joined to an item of a list by `&&` and `||`, from one part on.
    Joined(Rc<List>, usize, usize),
    While {
        until: bool,
        condition: Rc<List>,
        body: Rc<List>,
        is_first: bool,
    },
    For {
        name: String,
        values: VecDeque<String>,
        body: Rc<List>,
    },
}

impl Frame {
    fn is_loop(&self) -> bool {
        matches!(self, Self::While { .. } | Self::For { .. })
    }
}

impl Shell<'_, '_> {
    /// `command &`
    pub(super) fn start_in_background(&mut self, item: &Item) -> Result<(), Flow> {
        // The new one is given the list of them all.
        self.process.machine.step((self.state.jobs.len() / SEEN_PER_STEP) as u64)?;
        self.make_room()?;
        let pid = self.process.machine.next_pid;
        self.process.machine.next_pid += 1;
        let item = Item { background: false, ..item.clone() };
        let clock = self.process.machine.slept;
        let mut fork = self.fork();
        fork.process.files_mut().set(0, Some(handle(OpenFile::Null)));
        fork.state.background = None;
        let Shell { process, state } = fork;
        let Process { environment, arguments, cwd, credentials, umask, flavour, files, .. } = process;
        let rest = vec![Frame::Start(Rc::new(List { items: vec![item] }))];
        let signals = Vec::new();
        #[rustfmt::skip]
        let waiting = Waiting {
            pid, clock, state, signals, rest, environment, arguments, cwd, credentials, umask, flavour, files,
        };
        self.process.machine.background.push(waiting);
        self.state.background = Some(pid);
        let number = self.state.jobs.last().map_or(1, |(number, _)| number + 1);
        self.state.jobs.push((number, pid));
        self.state.status = 0;
        Ok(())
    }

    /// Sees to it that one more can be in the background, or fails as the shell does that gets no process.
    fn make_room(&mut self) -> Result<(), Flow> {
        if self.has_room() {
            return Ok(());
        }
        // On a real machine what does not sleep has run meanwhile.
        self.let_others_run()?;
        if self.state.dialect == Dialect::Bash {
            for seconds in RETRIES {
                if self.has_room() {
                    break;
                }
                self.error(None, "fork: retry: Resource temporarily unavailable")?;
                self.process.machine.slept += seconds;
                self.let_others_run()?;
            }
        }
        if self.has_room() {
            return Ok(());
        }
        let (message, flow) = match self.state.dialect {
            Dialect::Ash => ("can't fork: Resource temporarily unavailable", Flow::Error(2)),
            Dialect::Dash => ("Cannot fork", Flow::Error(2)),
            Dialect::Bash if self.state.interactive => {
                ("fork: Resource temporarily unavailable", Flow::Error(126))
            }
            Dialect::Bash => ("fork: Resource temporarily unavailable", Flow::Exit(126)),
        };
        self.error(None, message)?;
        Err(flow)
    }

    fn has_room(&self) -> bool {
        self.process.machine.background.len() < MOST
    }

    /// Lets go on what is in the background, up to the time that it is.
    pub(super) fn let_others_run(&mut self) -> Result<(), Interrupt> {
        let machine = &mut *self.process.machine;
        if machine.background.is_empty() || machine.in_background {
            return Ok(());
        }
        let now = machine.slept;
        while self.run_next(now)? {}
        Ok(())
    }

    /// Lets everything run until a command in the background has ended.
    pub(super) fn run_until_ended(&mut self, pid: u32) -> Result<(), Interrupt> {
        while let Some(waiting) = self.process.machine.background.iter().find(|waiting| waiting.pid == pid) {
            let clock = waiting.clock;
            self.process.machine.step(1)?;
            // It is there, so there is one whose time has come.
            self.run_next(clock)?;
            let slept = self.process.machine.slept;
            if clock > slept {
                self.process.machine.sleep(clock - slept)?;
            }
        }
        Ok(())
    }

    /// Lets everything run that was put into the background since there was a process ID: it holds a pipe open.
    pub(super) fn run_all_since(&mut self, first: u32) -> Result<(), Interrupt> {
        while let Some(waiting) = self.process.machine.background.iter().find(|waiting| waiting.pid >= first)
        {
            let pid = waiting.pid;
            self.run_until_ended(pid)?;
        }
        Ok(())
    }

    /// Lets the one go on that is furthest behind, unless that is beyond `until`; whether there was one.
    fn run_next(&mut self, until: f64) -> Result<bool, Interrupt> {
        let seen = self.process.machine.background.len() / SEEN_PER_STEP;
        self.process.machine.step(seen as u64)?;
        let background = &mut self.process.machine.background;
        let mut next: Option<usize> = None;
        for (at, waiting) in background.iter().enumerate() {
            if waiting.clock <= until && next.is_none_or(|next| waiting.clock < background[next].clock) {
                next = Some(at);
            }
        }
        let Some(at) = next else { return Ok(false) };
        let waiting = background.remove(at);
        let others = background.iter().map(|waiting| waiting.clock).fold(until, f64::min);
        self.resume(waiting, others)?;
        Ok(true)
    }

    fn resume(&mut self, waiting: Waiting, until: f64) -> Result<(), Interrupt> {
        #[rustfmt::skip]
        let Waiting {
            pid, clock, state, mut signals, mut rest, environment, arguments, cwd, credentials, umask, flavour, files,
        } = waiting;
        let machine = &mut *self.process.machine;
        machine.enter()?;
        let (depth, notes) = (machine.depth, machine.notes.len());
        let slept = std::mem::replace(&mut machine.slept, clock);
        let outer = std::mem::replace(&mut machine.in_background, true);
        #[rustfmt::skip]
        let process = Process { machine, arguments, environment, cwd, pid, credentials, umask, flavour, files };
        let mut shell = Shell { process, state };
        let ended = shell.go_on(&mut rest, &mut signals, until);
        let Shell { process, state } = shell;
        #[rustfmt::skip]
        let Process { machine, arguments, environment, cwd, credentials, umask, flavour, files, .. } = process;
        let clock = std::mem::replace(&mut machine.slept, slept);
        machine.in_background = outer;
        machine.depth = depth;
        machine.leave();
        let status = match ended {
            Ok(Some(status)) => status,
            Err(Interrupt::BrokenPipe) => 141,
            Err(interrupt) => return Err(interrupt),
            Ok(None) => {
                #[rustfmt::skip]
                let waiting = Waiting {
                    pid, clock, state, signals, rest, environment, arguments, cwd, credentials, umask, flavour, files,
                };
                machine.background.push(waiting);
                return Ok(());
            }
        };
        let killed = machine.killed.take().is_some();
        let last = machine.notes[notes.min(machine.notes.len())..].last();
        let lingers = last.is_some_and(|note| note.kind == CommandKind::Unknown);
        machine.ended.insert(pid, Ended { status, killed, lingers, told: false });
        Ok(())
    }

    /// Does what is left up to a time; the exit code where nothing is left.
    fn go_on(
        &mut self,
        rest: &mut Vec<Frame>,
        signals: &mut Vec<usize>,
        until: f64,
    ) -> Result<Option<i32>, Interrupt> {
        loop {
            for signal in std::mem::take(signals) {
                let action = self.state.traps.get(super::SIGNALS[signal]).cloned().unwrap_or_default();
                if let Err(flow) = self.eval_text(&action) {
                    return self.finish(Err(flow)).map(Some);
                }
            }
            if self.process.machine.slept > until {
                return Ok(None);
            }
            let Some(frame) = rest.pop() else {
                let status = self.state.status;
                return self.finish(Ok(status)).map(Some);
            };
            match self.run_frame(frame, rest) {
                Ok(()) => {}
                Err(Flow::Break(levels)) => self.leave_loops(levels, false, rest),
                Err(Flow::Continue(levels)) => self.leave_loops(levels, true, rest),
                Err(flow) => return self.finish(Err(flow)).map(Some),
            }
        }
    }

    /// `break` and `continue`: drops what they leave.
    fn leave_loops(&mut self, levels: u32, goes_on: bool, rest: &mut Vec<Frame>) {
        let mut left = levels;
        self.state.status = 0;
        while let Some(frame) = rest.pop() {
            if !frame.is_loop() {
                continue;
            }
            left -= 1;
            if left == 0 {
                if goes_on {
                    rest.push(frame);
                } else {
                    self.state.loops = self.state.loops.saturating_sub(1);
                }
                return;
            }
            self.state.loops = self.state.loops.saturating_sub(1);
        }
    }

    fn run_frame(&mut self, frame: Frame, rest: &mut Vec<Frame>) -> Result<(), Flow> {
        match frame {
            Frame::Start(list) => self.run_start(list, rest),
            Frame::List(list, at) => {
                if at + 1 < list.items.len() {
                    rest.push(Frame::List(list.clone(), at + 1));
                }
                match list.items.get(at) {
                    Some(_) => self.run_item(&list, at, rest),
                    None => Ok(()),
                }
            }
            Frame::Joined(list, item, at) => {
                let parts = &list.items[item].and_or.rest;
                let Some((is_and, pipeline)) = parts.get(at) else { return Ok(()) };
                rest.push(Frame::Joined(list.clone(), item, at + 1));
                if (self.state.status == 0) == *is_and {
                    self.tested(at + 1 < parts.len(), |shell| shell.pipeline(pipeline))?;
                }
                Ok(())
            }
            Frame::While { until, condition, body, is_first } => {
                self.process.machine.step(1)?;
                let last = if is_first { 0 } else { self.state.status };
                rest.push(Frame::While {
                    until,
                    condition: condition.clone(),
                    body: body.clone(),
                    is_first: false,
                });
                let holds = self.tested(true, |shell| shell.list(&condition))? == 0;
                if holds == until {
                    rest.pop();
                    self.state.loops = self.state.loops.saturating_sub(1);
                    self.state.status = last;
                } else {
                    rest.push(Frame::List(body, 0));
                }
                Ok(())
            }
            Frame::For { name, mut values, body } => {
                self.process.machine.step(1)?;
                let Some(value) = values.pop_front() else {
                    self.state.loops = self.state.loops.saturating_sub(1);
                    return Ok(());
                };
                self.assign(&name, value)?;
                rest.push(Frame::For { name, values, body: body.clone() });
                rest.push(Frame::List(body, 0));
                Ok(())
            }
        }
    }

    /// A group or subshell that is all of the command is this shell itself, with its redirections.
    fn run_start(&mut self, list: Rc<List>, rest: &mut Vec<Frame>) -> Result<(), Flow> {
        if let Some(Command::Compound(Compound::Group(inner) | Compound::Subshell(inner), redirects)) =
            only_command(&list.items[0])
        {
            if self.redirect(redirects)?.is_none() {
                return Err(Flow::Exit(self.redirect_status()));
            }
            rest.push(Frame::List(Rc::new(inner.clone()), 0));
        } else {
            rest.push(Frame::List(list, 0));
        }
        Ok(())
    }

    fn run_item(&mut self, list: &Rc<List>, at: usize, rest: &mut Vec<Frame>) -> Result<(), Flow> {
        let item = &list.items[at];
        if item.background {
            return self.start_in_background(item);
        }
        if let Some(Command::Compound(compound, redirects)) = only_command(item)
            && redirects.is_empty()
        {
            match compound {
                Compound::Group(inner) => {
                    rest.push(Frame::List(Rc::new(inner.clone()), 0));
                    return Ok(());
                }
                Compound::If { branches, otherwise } => {
                    for (condition, body) in branches {
                        if self.tested(true, |shell| shell.list(condition))? == 0 {
                            rest.push(Frame::List(Rc::new(body.clone()), 0));
                            return Ok(());
                        }
                    }
                    self.state.status = 0;
                    rest.extend(otherwise.iter().map(|body| Frame::List(Rc::new(body.clone()), 0)));
                    return Ok(());
                }
                Compound::While { until, condition, body } => {
                    self.state.loops += 1;
                    let (condition, body) = (Rc::new(condition.clone()), Rc::new(body.clone()));
                    rest.push(Frame::While { until: *until, condition, body, is_first: true });
                    return Ok(());
                }
                Compound::For(parts) => {
                    let values = self.loop_values(parts)?.into();
                    self.state.loops += 1;
                    self.state.status = 0;
                    let body = Rc::new(parts.body.clone());
                    rest.push(Frame::For { name: parts.name.clone(), values, body });
                    return Ok(());
                }
                _ => {}
            }
        }
        let joined = !item.and_or.rest.is_empty();
        self.tested(joined, |shell| shell.pipeline(&item.and_or.first))?;
        if joined {
            rest.push(Frame::Joined(list.clone(), at, 0));
        }
        Ok(())
    }
}

/// The command that is all of an item.
fn only_command(item: &Item) -> Option<&Command> {
    let first = &item.and_or.first;
    match &first.commands[..] {
        [command] if item.and_or.rest.is_empty() && !first.negated && first.timed.is_none() => Some(command),
        _ => None,
    }
}
