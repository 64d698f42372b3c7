//! The distributions of `statrs`, asked so that no input can make them panic.

use super::sample::{is_probability, number};
use statrs::distribution::{
    Binomial, ChiSquared, ContinuousCDF, Discrete, Normal, Poisson, StudentsT,
};

/// P(T > t) of Student's t; none unless `freedom` > 0 and `t` is a number.
pub(super) fn t_above(t: f64, freedom: f64) -> Option<f64> {
    if t.is_nan() {
        return None;
    }
    if t.is_infinite() {
        return Some(if t > 0.0 { 0.0 } else { 1.0 });
    }
    StudentsT::new(0.0, 1.0, freedom).ok().map(|it| it.sf(t))
}

/// The t with P(T > t) = `tail`, for a tail below one half.
///
/// By halving over the tail above: as exact as that, and sure to end.
pub(super) fn t_with_above(tail: f64, freedom: f64) -> Option<f64> {
    if !(tail > 0.0 && tail <= 0.5) {
        return None;
    }
    let mut high = 1.0;
    while t_above(high, freedom)? > tail {
        high *= 2.0;
        if high > 1e300 {
            return None;
        }
    }
    let mut low = 0.0;
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if t_above(middle, freedom)? > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}

/// P(Z > z) of the standard normal; none when `z` is no number.
pub(super) fn normal_above(z: f64) -> Option<f64> {
    (!z.is_nan()).then(|| Normal::standard().sf(z))
}

/// The z with P(Z > z) = `tail`; none unless 0 < `tail` < 1.
pub(super) fn normal_with_above(tail: f64) -> Option<f64> {
    (tail > 0.0 && tail < 1.0).then(|| -Normal::standard().inverse_cdf(tail))
}

/// P(X > x) of chi-square; none unless `freedom` > 0 and `x` is a number.
pub(super) fn chi_square_above(x: f64, freedom: f64) -> Option<f64> {
    (!x.is_nan())
        .then(|| ChiSquared::new(freedom).ok())
        .flatten()
        .map(|it| it.sf(x.max(0.0)))
}

/// A distribution over counts with one hill, and its tails.
///
/// The tails are added up from where they begin: those of `statrs` are off by a thousandth at a
/// million attempts, where its continued fraction ends before it has converged.
pub(super) trait Counted {
    /// P(X = k).
    fn exactly(&self, k: u64) -> f64;
    /// P(X = k + 1) / P(X = k).
    fn step(&self, k: u64) -> f64;
    /// The greatest count that can happen; none when there is no greatest.
    fn greatest(&self) -> Option<u64>;
    /// A most likely count.
    fn likeliest(&self) -> u64;
    /// Mean and variance.
    fn moments(&self) -> (f64, f64);

    /// P(X >= k).
    fn at_least(&self, k: u64) -> f64 {
        if k == 0 {
            return 1.0;
        }
        if self.greatest().is_some_and(|greatest| k > greatest) {
            return 0.0;
        }
        if let Some(z) = self.normal(number(k) - 0.5) {
            return Normal::standard().sf(z);
        }
        if k <= self.likeliest() {
            return (1.0 - self.sum_down(k - 1)).max(0.0);
        }
        let mut at = k;
        let mut term = self.exactly(at);
        let mut sum = term;
        while term > sum * f64::EPSILON {
            term *= self.step(at);
            sum += term;
            at = at.saturating_add(1);
        }
        sum.min(1.0)
    }

    /// P(X <= k).
    fn at_most(&self, k: u64) -> f64 {
        if let Some(z) = self.normal(number(k) + 0.5) {
            return Normal::standard().cdf(z);
        }
        if k >= self.likeliest() {
            return k
                .checked_add(1)
                .map_or(1.0, |next| (1.0 - self.at_least(next)).max(0.0));
        }
        self.sum_down(k)
    }

    /// P(X <= k) from the greatest term down.
    fn sum_down(&self, k: u64) -> f64 {
        let mut term = self.exactly(k);
        let mut sum = term;
        for at in (0..k).rev() {
            if term <= sum * f64::EPSILON {
                break;
            }
            term /= self.step(at);
            sum += term;
        }
        sum.min(1.0)
    }

    /// Whether it is so wide that it is normal, and a sum would be long.
    fn is_normal(&self) -> bool {
        self.moments().1 > 1e12
    }

    /// The z of a count, where it is normal.
    fn normal(&self, k: f64) -> Option<f64> {
        let (mean, variance) = self.moments();
        self.is_normal().then(|| (k - mean) / variance.sqrt())
    }
}

impl Counted for Binomial {
    fn exactly(&self, k: u64) -> f64 {
        self.pmf(k)
    }

    fn step(&self, k: u64) -> f64 {
        number(self.n().saturating_sub(k)) / (number(k) + 1.0) * (self.p() / (1.0 - self.p()))
    }

    fn greatest(&self) -> Option<u64> {
        Some(self.n())
    }

    fn likeliest(&self) -> u64 {
        whole((number(self.n()) + 1.0) * self.p()).min(self.n())
    }

    fn moments(&self) -> (f64, f64) {
        let mean = number(self.n()) * self.p();
        (mean, mean * (1.0 - self.p()))
    }
}

impl Counted for Poisson {
    fn exactly(&self, k: u64) -> f64 {
        self.pmf(k)
    }

    fn step(&self, k: u64) -> f64 {
        self.lambda() / (number(k) + 1.0)
    }

    fn greatest(&self) -> Option<u64> {
        None
    }

    fn likeliest(&self) -> u64 {
        whole(self.lambda())
    }

    fn moments(&self) -> (f64, f64) {
        (self.lambda(), self.lambda())
    }
}

/// `n` attempts with the same chance `p` each; none unless `p` is a probability.
pub(super) fn binomial(n: u64, p: f64) -> Option<Binomial> {
    is_probability(p)
        .then(|| Binomial::new(p, n).ok())
        .flatten()
}

/// Independent events, `expected` of them on average; none unless that is above 0 and finite.
pub(super) fn poisson(expected: f64) -> Option<Poisson> {
    expected
        .is_finite()
        .then(|| Poisson::new(expected).ok())
        .flatten()
}

/// A number without its fraction, as a count; one below 0 as 0, one too great as the greatest.
fn whole(value: f64) -> u64 {
    value as u64
}

/// The logarithm of the number of ways to choose `k` of `n`, for `k` up to `n`.
pub(super) fn ln_choose(n: u64, k: u64) -> f64 {
    statrs::function::factorial::ln_binomial(n, k)
}
