//! Drives a session: requests in, events out, parts of the catalogue when they are asked for.

use crate::arguments::Failure;
use crate::catalogue;
use lab_session::Session;
use lab_session::protocol::{Envelope, Event, FileEntry, Project, Query, Request};
use std::time::{SystemTime, UNIX_EPOCH};

/// A session that is asked one thing after the other.
pub(crate) struct Driver {
    session: Session,
    generation: u32,
    now: f64,
    /// The files of the workspace when it was last listed.
    pub(crate) files: Vec<FileEntry>,
}

impl Driver {
    /// A session with what was built before.
    pub(crate) fn open(project: Project) -> Result<Self, Failure> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64());
        let mut driver =
            Self { session: Session::new().without_default_name(), generation: 0, now, files: Vec::new() };
        for event in driver.send(Request::Open { project })? {
            if let Event::ImageRefused { error } = event {
                eprintln!("WARNING: the image {} is left out: {}", error.subject, error.detail);
            }
        }
        Ok(driver)
    }

    /// Sends a request. An error is an error of the command.
    pub(crate) fn send(&mut self, request: Request) -> Result<Vec<Event>, Failure> {
        let mut events = self.once(request);
        while let Some(asset) = events.iter().find_map(needed) {
            events.retain(|event| needed(event).as_ref() != Some(&asset));
            let unknown = || Failure::new(format!("the catalogue has no part named {asset}"));
            let text = catalogue::asset(&asset).ok_or_else(unknown)?.to_owned();
            events.extend(self.once(Request::Provide { asset, text }));
        }
        let failed = events.iter().find_map(|event| match event {
            Event::Failed { error } => Some(error),
            _ => None,
        });
        match failed {
            Some(error) => Err(Failure::new(format!("{}: {}", error.subject, error.detail))),
            None => Ok(events),
        }
    }

    fn once(&mut self, request: Request) -> Vec<Event> {
        self.generation += 1;
        let envelope = Envelope { generation: self.generation, now: self.now, preview: false, request };
        let events = self.session.handle(envelope);
        for event in &events {
            if let Event::Workspace { workspace } = event {
                self.files.clone_from(&workspace.files);
            }
        }
        events
    }

    /// Asks for a table.
    pub(crate) fn query(&mut self, query: Query) -> Result<Event, Failure> {
        let unanswered = || Failure::new("the session gave no answer");
        self.send(Request::Query { query })?.into_iter().next().ok_or_else(unanswered)
    }

    /// The project as it stands.
    pub(crate) fn project(&mut self) -> Result<Project, Failure> {
        let events = self.send(Request::Save)?;
        let saved = events.into_iter().find_map(|event| match event {
            Event::Saved { project, .. } => Some(project),
            _ => None,
        });
        saved.ok_or_else(|| Failure::new("the session gave no project"))
    }
}

fn needed(event: &Event) -> Option<String> {
    match event {
        Event::NeedAsset { asset } => Some(asset.clone()),
        _ => None,
    }
}

/// Prints a value as JSON.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::new(error.to_string()))?;
    println!("{text}");
    Ok(())
}
