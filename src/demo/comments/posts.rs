//! What is stored, post by post and in order of arrival. Plain data.

use std::collections::BTreeMap;

use serde::Serialize;

/// A comment as readers get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Comment {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) content: String,
    pub(super) ts: u64,
}

/// The comments of every post.
#[derive(Debug, Default)]
pub(super) struct Posts {
    posts: BTreeMap<String, Vec<Comment>>,
}

impl Posts {
    /// Keeps a comment of a post behind those that are there.
    pub(super) fn add(&mut self, slug: String, comment: Comment) {
        self.posts.entry(slug).or_default().push(comment);
    }

    /// The comments of a post, oldest first.
    pub(super) fn of(&self, slug: &str) -> &[Comment] {
        self.posts.get(slug).map_or(&[], Vec::as_slice)
    }

    /// Every comment with its post.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Comment)> {
        let posts = self.posts.iter();
        posts.flat_map(|(slug, comments)| comments.iter().map(move |it| (slug.as_str(), it)))
    }

    /// Posts that have a comment.
    pub(super) fn posts(&self) -> usize {
        self.posts.len()
    }

    /// Removes a comment, and says whether it was there.
    pub(super) fn delete(&mut self, id: &str) -> bool {
        let before = self.all().count();
        self.posts.retain(|_, comments| {
            comments.retain(|comment| comment.id != id);
            !comments.is_empty()
        });
        self.all().count() < before
    }
}
