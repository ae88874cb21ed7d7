//! What a server process does besides answering, and how it ends: every task is counted, and told when to stop.

use std::sync::Arc;

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Lifecycle {
    /// Runs something beside the requests; the process waits for it when it ends.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(task);
    }

    /// Nothing new is begun from now on.
    pub fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
    }

    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    pub async fn stopping(&self) {
        self.stop.cancelled().await;
    }

    /// Waits for all tasks, after `stop`.
    pub async fn ended(&self) {
        self.tasks.wait().await;
    }

    /// Waits so long, or until the process is to stop; whether it may go on.
    pub async fn pause(&self, time: std::time::Duration) -> bool {
        tokio::select! {
            () = self.stopping() => false,
            () = tokio::time::sleep(time) => true,
        }
    }
}

/// One process's runner: its name in leases. Only one of its tasks works at a time.
#[derive(Clone, Debug)]
pub struct Runner {
    pub name: Arc<str>,
    pub busy: Arc<Mutex<()>>,
}

impl Runner {
    pub fn new() -> Result<Self, store::Error> {
        Ok(Self { name: store::draft::random_id()?.into(), busy: Arc::default() })
    }
}
