//! The walks without a fault, in which a journey must pass each time before it is proved.

use std::sync::{Arc, Mutex, PoisonError};

use super::Proving;
use crate::model::Outcome;
use crate::model::proof::Refusal;
use crate::prove::asked::{Asked, Progress};
use crate::prove::recorded::Recorded;
use crate::prove::walk::{Done, Walk, Walked, walk};

/// So often a journey must pass without a fault before it is proved.
const GREEN: u32 = 3;

/// The walks of a journey without a fault.
pub(super) struct Recording {
    pub journey: usize,
    pub walks: Vec<Recorded>,
    pub passed: u32,
    pub walked: u32,
    pub failure: Option<String>,
    /// It was not walked so often: something stopped the proof.
    pub is_cut: bool,
}

impl Proving<'_> {
    /// Walks every journey without a fault.
    pub(super) fn record(&self) -> (Done, Vec<Recording>) {
        let asked = self.asked;
        let mut walks = Vec::new();
        for journey in 0..asked.planned.len() {
            for number in 1..=GREEN {
                walks.push(Walk {
                    journey,
                    fault: None,
                    caps: None,
                    timeout: None,
                    seed: self.green_seed(journey, number),
                });
            }
        }
        let (of, journeys) = (walks.len(), journeys_of(&walks));
        let found: Arc<Mutex<Vec<Walked>>> = Arc::default();
        let (mine, watch) = (found.clone(), self.watch.clone());
        let over = Box::new(move |walked| {
            let mut found = mine.lock().unwrap_or_else(PoisonError::into_inner);
            found.push(walked);
            watch(Progress::Recording {
                done: found.len(),
                of,
            });
        });
        let done = walk(asked, walks, self.left(), self.reins, over);
        let found = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
        let mut recordings = recordings(asked, found, &journeys);
        if let Some(down) = &done.floor {
            for recording in recordings.iter_mut().filter(|one| one.walked == 0) {
                recording.failure = Some(format!("the floor is down: {down}"));
            }
        }
        (done, recordings)
    }
}

/// The journey of each walk.
pub(super) fn journeys_of(walks: &[Walk]) -> Vec<usize> {
    walks.iter().map(|walk| walk.journey).collect()
}

fn recordings(asked: &Asked, mut found: Vec<Walked>, journeys: &[usize]) -> Vec<Recording> {
    found.sort_by_key(|walked| walked.walk);
    let mut recordings: Vec<Recording> = (0..asked.planned.len())
        .map(|journey| Recording {
            journey,
            walks: Vec::new(),
            passed: 0,
            walked: 0,
            failure: None,
            is_cut: false,
        })
        .collect();
    for walked in found {
        let recording = &mut recordings[journeys[walked.walk]];
        if walked.stopped {
            continue;
        }
        recording.walked += 1;
        if walked.judged.outcome == Outcome::Passed {
            recording.passed += 1;
        } else {
            recording.failure.get_or_insert(walked.judged.reason);
        }
        recording.walks.push(Recorded {
            events: walked.events,
            passed: walked.passed,
            took: walked.took,
        });
    }
    for recording in &mut recordings {
        recording.is_cut = recording.walked < GREEN;
    }
    recordings
}

/// Why a journey is not proved, if it is not.
pub(super) fn refusal(recording: &Recording) -> Option<Refusal> {
    let Recording { passed, walked, .. } = recording;
    let reason = match passed < walked {
        true if *passed > 0 => {
            format!("flaky: {passed} of {walked} walks without a fault passed")
        }
        true => format!("none of {walked} walks without a fault passed"),
        false if recording.is_cut => {
            format!("walked {walked} of {GREEN} times without a fault before the proof ended")
        }
        false => return None,
    };
    Some(Refusal {
        reason,
        failure: recording.failure.clone(),
    })
}
