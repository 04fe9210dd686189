//! Redirections.

use super::run::short_reason;
use super::{Flow, Shell};
use crate::shell::bytes;
use crate::shell::files::{Handle, OpenFile, handle};
use crate::shell::language::{Dialect, Redirect, RedirectKind, Word};
use crate::shell::process::OpenOptions;
use crate::vfs::{VfsError, VfsErrorKind};

/// What descriptors referred to before.
pub(super) type Saved = Vec<(u32, Option<Handle>)>;

impl Shell<'_, '_> {
    /// Does redirections; `None` after one that failed, with its message printed and the others undone.
    pub(super) fn redirect(&mut self, redirects: &[Redirect]) -> Result<Option<Saved>, Flow> {
        let mut saved = Saved::new();
        for redirect in redirects {
            if !self.redirect_one(redirect, &mut saved)? {
                self.undo_redirects(saved);
                return Ok(None);
            }
        }
        Ok(Some(saved))
    }

    /// The status of a command whose redirection failed.
    pub(super) fn redirect_status(&self) -> i32 {
        if self.state.dialect == Dialect::Dash { 2 } else { 1 }
    }

    /// Remembers in ash what the descriptors were, for the EXIT traps of subshells; whether there was anything.
    pub(super) fn note_redirects(&mut self, saved: &Saved) -> bool {
        let noted = self.state.dialect == Dialect::Ash && !saved.is_empty();
        if noted {
            self.state.redirected.push(saved.clone());
        }
        noted
    }

    /// Puts descriptors back.
    pub(super) fn undo_redirects(&mut self, saved: Saved) {
        for (fd, old) in saved.into_iter().rev() {
            self.process.files_mut().set(fd, old);
        }
    }

    fn redirect_one(&mut self, redirect: &Redirect, saved: &mut Saved) -> Result<bool, Flow> {
        let default_fd = match &redirect.kind {
            RedirectKind::Input(_)
            | RedirectKind::ReadWrite(_)
            | RedirectKind::Here(_)
            | RedirectKind::HereString(_)
            | RedirectKind::Duplicate { output: false, .. } => 0,
            _ => 1,
        };
        let fd = match &redirect.variable {
            Some(name) => self.variable_descriptor(name, &redirect.kind)?,
            None => redirect.fd.unwrap_or(default_fd),
        };
        // A descriptor that a variable was told of stays open.
        let mut kept = Saved::new();
        let saved = if redirect.variable.is_some() { &mut kept } else { saved };
        let mut also_stderr = false;
        let opened = match &redirect.kind {
            RedirectKind::Input(target) => {
                self.open_target(target, OpenOptions { read: true, ..Default::default() })?
            }
            RedirectKind::ReadWrite(target) => {
                self.open_target(target, OpenOptions { read: true, write: true, ..Default::default() })?
            }
            RedirectKind::Output { target, clobber } => self.open_output(target, *clobber)?,
            RedirectKind::Append(target) => {
                self.open_target(target, OpenOptions { write: true, append: true, ..Default::default() })?
            }
            RedirectKind::Both { target, append } => {
                also_stderr = true;
                self.open_both(target, *append)?
            }
            RedirectKind::Duplicate { target, output } => {
                let text = self.expand_text(target)?;
                if text == "-" {
                    saved.push((fd, self.process.files_mut().set(fd, None)));
                    return Ok(true);
                }
                let whole = *output && redirect.fd.is_none() && self.state.dialect != Dialect::Dash;
                also_stderr = whole && text.parse::<u32>().is_err();
                // `>&file` is `&>file`.
                if also_stderr { self.open_both(target, false)? } else { self.duplicate(&text)? }
            }
            RedirectKind::Here(document) => {
                let body = document.borrow().body.clone();
                match self.expand_text(&body) {
                    Ok(text) => {
                        Some(handle(OpenFile::Bytes { bytes: bytes::to_bytes(&text).into(), offset: 0 }))
                    }
                    // To ash and dash that is a redirection that failed, no more.
                    Err(Flow::Error(_)) if self.state.dialect != Dialect::Bash => None,
                    Err(flow) => return Err(flow),
                }
            }
            RedirectKind::HereString(word) => {
                let text = self.expand_text(word)? + "\n";
                Some(handle(OpenFile::Bytes { bytes: bytes::to_bytes(&text).into(), offset: 0 }))
            }
        };
        let Some(opened) = opened else { return Ok(false) };
        if also_stderr {
            saved.push((2, self.process.files_mut().set(2, Some(opened.clone()))));
        }
        saved.push((fd, self.process.files_mut().set(fd, Some(opened))));
        Ok(true)
    }

    /// What the descriptor of `>&` and `<&` refers to.
    fn duplicate(&mut self, text: &str) -> Result<Option<Handle>, Flow> {
        let message = match (text.parse::<u32>(), self.state.dialect) {
            (Ok(source), _) => match self.process.files_mut().get(source).cloned() {
                Some(handle) => return Ok(Some(handle)),
                None => format!("{source}: Bad file descriptor"),
            },
            (Err(_), Dialect::Ash) => "syntax error: bad fd number".to_owned(),
            (Err(_), Dialect::Dash) => "Syntax error: Bad fd number".to_owned(),
            (Err(_), Dialect::Bash) => format!("{text}: ambiguous redirect"),
        };
        self.error(None, &message)?;
        Ok(None)
    }

    /// `{name}`: a new descriptor from 10 on, or with `<&-` and `>&-` the one that the variable has.
    fn variable_descriptor(&mut self, name: &str, kind: &RedirectKind) -> Result<u32, Flow> {
        if let RedirectKind::Duplicate { target, .. } = kind
            && target.as_literal() == Some("-")
        {
            return Ok(self.state.get(name).and_then(|text| text.parse().ok()).unwrap_or(u32::MAX));
        }
        let fd = (10..).find(|fd| self.process.files_mut().get(*fd).is_none()).unwrap_or(u32::MAX);
        self.assign(name, fd.to_string())?;
        Ok(fd)
    }

    fn open_both(&mut self, target: &Word, append: bool) -> Result<Option<Handle>, Flow> {
        self.open_target(target, OpenOptions { write: true, append, truncate: !append, read: false })
    }

    fn open_output(&mut self, target: &Word, clobber: bool) -> Result<Option<Handle>, Flow> {
        if self.state.options.noclobber && !clobber {
            let path = self.expand_text(target)?;
            if self.process.stat(&path).is_ok_and(|node| node.as_file().is_some()) {
                let message = match self.state.dialect {
                    Dialect::Ash => format!("can't create {path}: File exists"),
                    Dialect::Dash => format!("cannot create {path}: File exists"),
                    Dialect::Bash => format!("{path}: cannot overwrite existing file"),
                };
                self.error(None, &message)?;
                return Ok(None);
            }
        }
        self.open_target(target, OpenOptions { write: true, truncate: true, ..Default::default() })
    }

    fn open_target(&mut self, target: &Word, options: OpenOptions) -> Result<Option<Handle>, Flow> {
        let path = match self.state.dialect {
            // bash expands it as the words of a command, of which there has to be one.
            Dialect::Bash => {
                let mut words = self.expand_words(std::slice::from_ref(target))?;
                if words.len() != 1 {
                    let source = super::trace::source(target);
                    self.error(None, &format!("{source}: ambiguous redirect"))?;
                    return Ok(None);
                }
                words.remove(0)
            }
            _ => self.expand_text(target)?,
        };
        match self.process.open_file(&path, options) {
            Ok(handle) => Ok(Some(handle)),
            Err(error) => {
                self.process.check_limits()?;
                let message = self.open_message(&path, &error, options.write);
                self.error(None, &message)?;
                Ok(None)
            }
        }
    }

    fn open_message(&self, path: &str, error: &VfsError, write: bool) -> String {
        let reason = error.kind.message();
        let missing = error.kind == VfsErrorKind::NotFound;
        match (self.state.dialect, write) {
            (Dialect::Ash, true) if missing => format!("can't create {path}: nonexistent directory"),
            (Dialect::Ash, true) => format!("can't create {path}: {reason}"),
            (Dialect::Ash, false) if missing => format!("can't open {path}: no such file"),
            (Dialect::Ash, false) => format!("can't open {path}: {reason}"),
            (Dialect::Dash, true) if missing => format!("cannot create {path}: Directory nonexistent"),
            (Dialect::Dash, true) => format!("cannot create {path}: {reason}"),
            (Dialect::Dash, false) => format!("cannot open {path}: {}", short_reason(error.kind)),
            (Dialect::Bash, _) => format!("{path}: {reason}"),
        }
    }
}
