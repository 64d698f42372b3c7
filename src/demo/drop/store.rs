//! The secrets that live, and what became of those that do not. Plain data; the time is told to it.

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use crate::demo::{Bug, Settings};

/// What a reader gets. Opaque: the key never reaches the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) ciphertext: String,
    pub(super) iv: String,
}

#[derive(Debug)]
struct Secret {
    sealed: Sealed,
    expires: Duration,
}

/// What reading a secret gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    Found(Sealed),
    /// It was there and its time is over.
    Expired,
    /// It never was, or is burned, or was swept away.
    Gone,
}

/// Every secret, in memory.
#[derive(Debug)]
pub(super) struct Store {
    settings: Settings,
    secrets: BTreeMap<Uuid, Secret>,
    pub(super) created: u64,
    pub(super) burned: u64,
    pub(super) expired: u64,
}

impl Store {
    pub(super) fn new(settings: Settings) -> Store {
        Store {
            settings,
            secrets: BTreeMap::new(),
            created: 0,
            burned: 0,
            expired: 0,
        }
    }

    /// Secrets that live now, expired ones that nobody has swept away included.
    pub(super) fn live(&self) -> usize {
        self.secrets.len()
    }

    /// What health calls `active_drops`.
    pub(super) fn active(&self) -> u64 {
        if self.settings.has(Bug::DropsDrift) {
            self.created
        } else {
            u64::try_from(self.live()).unwrap_or(u64::MAX)
        }
    }

    /// Keeps a secret for so many of this target's hours.
    pub(super) fn create(&mut self, id: Uuid, sealed: Sealed, hours: f64, now: Duration) {
        if self.settings.has(Bug::LostWrite) {
            return;
        }
        let lives = self.settings.drop_hour.as_secs_f64() * hours;
        let lives = Duration::try_from_secs_f64(lives).unwrap_or(Duration::MAX);
        let expires = now.saturating_add(lives);
        self.secrets.insert(id, Secret { sealed, expires });
        self.created += 1;
    }

    /// Gives a secret and burns it.
    pub(super) fn read(&mut self, id: Uuid, now: Duration) -> Read {
        let Some(secret) = self.secrets.get(&id) else {
            return Read::Gone;
        };
        if self.is_over(secret, now) {
            self.secrets.remove(&id);
            self.expired += 1;
            return Read::Expired;
        }
        let mut sealed = secret.sealed.clone();
        if self.settings.has(Bug::CrossTalk)
            && let Some((_, other)) = self.secrets.iter().find(|(other, _)| **other != id)
        {
            sealed.ciphertext.clone_from(&other.sealed.ciphertext);
        }
        if !self.settings.has(Bug::SecondRead) {
            self.burn(id);
        }
        Read::Found(sealed)
    }

    /// Removes a secret whose time is not over.
    pub(super) fn burn(&mut self, id: Uuid) {
        if self.secrets.remove(&id).is_some() {
            self.burned += 1;
        }
    }

    /// Removes every expired secret.
    pub(super) fn sweep(&mut self, now: Duration) {
        let over: Vec<Uuid> = self
            .secrets
            .iter()
            .filter(|(_, secret)| self.is_over(secret, now))
            .map(|(id, _)| *id)
            .collect();
        for id in over {
            self.secrets.remove(&id);
            self.expired += 1;
        }
    }

    fn is_over(&self, secret: &Secret, now: Duration) -> bool {
        now >= secret.expires && !self.settings.has(Bug::NoExpiry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Uuid = Uuid::from_u128(1);
    const B: Uuid = Uuid::from_u128(2);

    fn sealed(text: &str) -> Sealed {
        Sealed {
            ciphertext: text.to_owned(),
            iv: format!("iv of {text}"),
        }
    }

    fn store() -> Store {
        Store::new(Settings::default().original())
    }

    fn hours(hours: u64) -> Duration {
        Duration::from_secs(hours * 3600)
    }

    #[test]
    fn a_secret_is_read_once() {
        let mut store = store();
        store.create(A, sealed("a"), 24.0, hours(0));
        store.create(B, sealed("b"), 24.0, hours(0));
        assert_eq!(store.read(A, hours(1)), Read::Found(sealed("a")));
        assert_eq!(store.read(A, hours(1)), Read::Gone);
        assert_eq!(
            (store.live(), store.created, store.burned, store.expired),
            (1, 2, 1, 0)
        );
    }

    #[test]
    fn a_secret_lives_as_long_as_was_asked_and_is_then_swept_away() {
        let mut store = store();
        store.create(A, sealed("a"), 2.0, hours(1));
        store.create(B, sealed("b"), 2.0, hours(1));
        store.sweep(hours(3) - Duration::from_nanos(1));
        assert_eq!(store.live(), 2);
        assert_eq!(store.read(A, hours(3)), Read::Expired);
        assert_eq!(store.read(A, hours(3)), Read::Gone);
        store.sweep(hours(3));
        assert_eq!(store.read(B, hours(3)), Read::Gone);
        assert_eq!((store.live(), store.burned, store.expired), (0, 0, 2));
    }
}
