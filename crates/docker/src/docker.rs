//! The command as a machine is given it: client and daemon together, with their state.

use crate::client::{self, Call, Client};
use crate::daemon::Daemon;
use crate::dialect::Dialect;
use lab_engine::shell::{GivenAnswer, GivenCall, GivenCommand};

/// A docker client with its settings, and the daemon that it speaks to.
#[derive(Clone)]
pub struct Docker {
    /// Who speaks.
    pub client: Client,
    /// Who answers.
    pub daemon: Daemon,
    /// Width and height of the terminal that the command is on, if it is on one.
    pub terminal: Option<(u32, u32)>,
    /// Nanoseconds by which its clock is before that of the machine, which counts whole seconds.
    pub offset: i64,
}

impl Docker {
    /// A fresh installation.
    pub fn new(dialect: Dialect) -> Self {
        Self { client: Client::new(dialect), daemon: Daemon::new(dialect), terminal: None, offset: 0 }
    }
}

impl GivenCommand for Docker {
    fn name(&self) -> &str {
        "docker"
    }

    fn run(&mut self, call: GivenCall<'_>) -> GivenAnswer {
        let mut call = Call::new(call, self.terminal, self.offset);
        self.daemon.set_clock(call.now());
        let world = call.world();
        self.daemon.refresh(call.tree(), world);
        let exit_code = client::run(self, &mut call);
        call.answer(exit_code)
    }

    fn fork(&self) -> Box<dyn GivenCommand> {
        Box::new(self.clone())
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }
}
