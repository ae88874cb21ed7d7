//! What a server process does besides answering, and how it ends: every task is counted, and told when to stop.

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
