//! The paths still to be looked at, shared among the workers so that each has neighbours: what siblings share is then
//! evaluated once by each worker, and not once for each attribute.
//!
//! Each worker has a run of paths that follow each other. One whose run is empty takes the second half of the longest
//! other one. What is found in a set is put in front of what follows the set, so that one worker alone goes through
//! everything in the order of names.

use super::protocol::Request;
use std::collections::VecDeque;

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) request: Request,
    /// The number of workers that ended over it.
    pub(super) ended: u32,
}

impl Task {
    /// A task that has not been tried yet.
    pub(super) fn new(request: Request) -> Self {
        Self { request, ended: 0 }
    }
}

/// The runs of all workers.
#[derive(Debug)]
pub(super) struct Queue {
    runs: Vec<VecDeque<Task>>,
}

impl Queue {
    /// An empty run for each of this many workers.
    pub(super) fn new(workers: usize) -> Self {
        Self { runs: vec![VecDeque::new(); workers] }
    }

    /// The amount of work that is left.
    pub(super) fn len(&self) -> usize {
        self.runs.iter().map(VecDeque::len).sum()
    }

    /// Puts tasks in front of a worker's run, in their order.
    pub(super) fn put(&mut self, worker: usize, tasks: impl DoubleEndedIterator<Item = Task>) {
        if let Some(run) = self.runs.get_mut(worker) {
            tasks.rev().for_each(|task| run.push_front(task));
        }
    }

    /// A worker's next task.
    pub(super) fn next(&mut self, worker: usize) -> Option<Task> {
        if self.runs.get(worker)?.is_empty() {
            let longest = self.runs.iter_mut().max_by_key(|run| run.len())?;
            self.runs[worker] = longest.split_off(longest.len() / 2);
        }
        self.runs[worker].pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tasks(names: &str) -> Vec<Task> {
        names.chars().map(|name| Task::new(Request::Look(vec![name.to_string()]))).collect()
    }

    fn take(queue: &mut Queue, workers: &[usize]) -> String {
        let name = |task: Task| match task.request {
            Request::Look(path) => path.concat(),
            Request::Rewrite(_) => "?".to_owned(),
        };
        workers.iter().map(|worker| queue.next(*worker).map_or("-".to_owned(), name)).collect()
    }

    #[test]
    fn one_worker_keeps_the_order() {
        let mut queue = Queue::new(1);
        queue.put(0, tasks("ad").into_iter());
        assert_eq!(take(&mut queue, &[0]), "a");
        queue.put(0, tasks("bc").into_iter());
        assert_eq!((queue.len(), take(&mut queue, &[0, 0, 0, 0])), (3, "bcd-".to_owned()));
    }

    #[test]
    fn others_take_the_second_half() {
        let mut queue = Queue::new(3);
        queue.put(0, tasks("abcdefgh").into_iter());
        assert_eq!(take(&mut queue, &[0, 1, 1, 2, 0, 0, 1, 2, 2, 0]), "aefcbhgd--");
    }
}
