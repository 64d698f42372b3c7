//! Which few of many secrets a text could show at all, so that only those are looked for.
//!
//! The beginnings of all forms stand in one tree, a step to an edge. A text is walked along it as
//! along a single form: by [`Step::ends`], from every place, in all ways at once. What the exact
//! search finds it finds by a walk through the first steps of a form, so the sieve has met that
//! form before: nothing that is there can be missed. What it lets through is searched exactly.
//!
//! A branch is as long as it takes to tell its form from all others, so that tokens with a common
//! beginning cost no more than others.

use std::sync::Arc;

use super::step::{Step, broken};
use super::{SHORTEST, Secret, cut_at};

/// Most steps of a branch. Forms that share more are told apart by the exact search.
const LONGEST_BRANCH: usize = 256;

/// The forms of many secrets, each of which has a number.
#[derive(Debug, Clone)]
pub(in crate::record) struct Sieve {
    beginnings: Tree,
    /// The last steps of each form, of which one stands behind every cut that shows an end.
    endings: Tree,
}

impl Default for Sieve {
    fn default() -> Self {
        Self {
            beginnings: Tree::new(true),
            endings: Tree::new(false),
        }
    }
}

impl Sieve {
    /// Takes the forms of a secret.
    pub(in crate::record) fn add(&mut self, number: usize, secret: &Secret) {
        for form in &secret.forms {
            self.beginnings.add(number, Arc::clone(&form.steps));
            // A cut leaves at least so many steps of an end, whichever it left.
            if let Some(before) = form.steps.len().checked_sub(form.fewest) {
                self.endings.add(number, form.steps[before..].into());
            }
        }
    }

    /// The numbers of all secrets that a text could show, in order.
    pub(in crate::record) fn likely(&self, text: &[u8], may_be_cut: bool) -> Vec<usize> {
        let mut likely = Vec::new();
        self.beginnings.search(text, may_be_cut, &mut likely);
        if may_be_cut {
            self.endings.search(text, false, &mut likely);
        }
        likely.sort_unstable();
        likely.dedup();
        likely
    }
}

#[derive(Debug, Clone)]
struct Tree {
    /// The first is the root.
    nodes: Vec<Node>,
    /// True if it holds heads of forms, which are looked for by [`Step::starts`] alone.
    heads: bool,
}

#[derive(Debug, Clone, Default)]
struct Node {
    /// Those that are told from all others by the steps that lead here, or that end here.
    forms: Vec<Held>,
    /// By the byte with which a step can begin; a step has one for each.
    edges: Vec<Edge>,
    /// Where the edges lead, each once.
    children: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Held {
    number: usize,
    steps: Arc<[Step]>,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    start: u8,
    step: Step,
    to: usize,
}

/// A node, and where in the text the steps to it end.
type Reached = (usize, usize);

impl Node {
    fn edges(&self, start: u8) -> &[Edge] {
        let first = self.edges.partition_point(|edge| edge.start < start);
        let rest = &self.edges[first..];
        &rest[..rest.partition_point(|edge| edge.start == start)]
    }
}

impl Tree {
    fn new(heads: bool) -> Self {
        Self {
            nodes: vec![Node::default()],
            heads,
        }
    }

    fn add(&mut self, number: usize, steps: Arc<[Step]>) {
        let most = steps.len().min(LONGEST_BRANCH);
        let mut at = 0;
        for (depth, step) in steps.iter().enumerate().take(most) {
            if depth >= SHORTEST && self.nodes[at].edges.is_empty() {
                if self.nodes[at].forms.is_empty() {
                    break;
                }
                self.grow(at, depth);
            }
            at = self.child(at, *step);
        }
        self.nodes[at].forms.push(Held { number, steps });
    }

    /// Moves what a leaf holds one step on, but for what ends in it.
    fn grow(&mut self, leaf: usize, depth: usize) {
        for held in std::mem::take(&mut self.nodes[leaf].forms) {
            let to = match held.steps.get(depth) {
                Some(step) => self.child(leaf, *step),
                None => leaf,
            };
            self.nodes[to].forms.push(held);
        }
    }

    /// Where a step leads, made if it is not there.
    fn child(&mut self, from: usize, step: Step) -> usize {
        let mut starts = vec![false; 256];
        step.starts(&mut starts);
        let mut starts = (0..=u8::MAX).filter(|byte| starts[usize::from(*byte)]);
        let first = starts.next().unwrap_or_default();
        let known = self.nodes[from].edges(first);
        if let Some(edge) = known.iter().find(|edge| edge.step == step) {
            return edge.to;
        }
        let to = self.nodes.len();
        self.nodes.push(Node::default());
        self.nodes[from].children.push(to);
        let edges = &mut self.nodes[from].edges;
        for start in std::iter::once(first).chain(starts) {
            let place = edges.partition_point(|edge| edge.start < start);
            edges.insert(place, Edge { start, step, to });
        }
        to
    }

    /// Adds the numbers of all forms that a text leads to, from any of its places.
    fn search(&self, text: &[u8], may_be_cut: bool, likely: &mut Vec<usize>) {
        let (mut here, mut next) = (Vec::new(), Vec::new());
        let mut ends = Vec::new();
        for from in 0..text.len() {
            here.clear();
            here.push((0, from));
            for depth in 0.. {
                next.clear();
                for reached in &here {
                    self.pass(*reached, depth, (text, may_be_cut), likely);
                    self.follow(*reached, text, &mut ends, &mut next);
                }
                if next.is_empty() {
                    break;
                }
                // Several ways may lead to one place, and must not multiply.
                next.sort_unstable();
                next.dedup();
                std::mem::swap(&mut here, &mut next);
            }
        }
    }

    /// What is likely once this node is reached.
    fn pass(
        &self,
        (node, at): Reached,
        depth: usize,
        (text, may_be_cut): (&[u8], bool),
        likely: &mut Vec<usize>,
    ) {
        likely.extend(self.nodes[node].forms.iter().map(|held| held.number));
        // A cut here may be one of every form that goes on from here.
        if may_be_cut && depth >= SHORTEST && cut_at(text, at).is_some() {
            let mut below = vec![node];
            while let Some(node) = below.pop() {
                let node = &self.nodes[node];
                likely.extend(node.forms.iter().map(|held| held.number));
                below.extend(&node.children);
            }
        }
    }

    /// Adds every node that one step more leads to.
    fn follow(
        &self,
        (node, at): Reached,
        text: &[u8],
        ends: &mut Vec<usize>,
        next: &mut Vec<Reached>,
    ) {
        // A step of base64 may begin behind a line break, but no head is looked for there.
        let behind = if self.heads && node == 0 {
            None
        } else {
            broken(text, at)
        };
        for start in [Some(at), behind].into_iter().flatten() {
            let Some(byte) = text.get(start) else {
                continue;
            };
            for edge in self.nodes[node].edges(*byte) {
                ends.clear();
                edge.step.ends(text, at, ends);
                next.extend(ends.iter().map(|end| (edge.to, *end)));
            }
        }
    }
}
