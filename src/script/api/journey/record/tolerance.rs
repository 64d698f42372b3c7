//! `tolerance` of `j:record`: what a number may differ by.

use mlua::Value;

use crate::model::number::tolerance::Alarm;
use crate::model::number::{Exact, NumberKind, Tolerance, Worth};
use crate::model::{duration, suggest};
use crate::script::api::keys;
use crate::script::errors::kind_of;
use crate::script::options::{Options, as_duration};
use crate::script::raise::wrong;

/// What scripts call the tolerances; each as the reference lists them.
const WORDS: [&str; 7] = [
    "exact", "observed", "growing", "falling", "binomial", "poisson", "split",
];

/// What goes with the number, or the default of its kind.
pub(super) fn read(options: &Options, kind: NumberKind, worth: &Worth) -> mlua::Result<Tolerance> {
    let tolerance = match options.value("tolerance")? {
        Value::Nil => return Ok(default(kind)),
        Value::String(text) => word(&text.to_string_lossy())?,
        table @ Value::Table(_) => of_table(table, kind)?,
        other => {
            return Err(wrong(format!(
                "`tolerance` of `record` is \"exact\", \"2%\", `{{ absolute = … }}` or the like, found {}",
                kind_of(&other)
            )));
        }
    };
    goes_with(&tolerance, kind, worth)?;
    Ok(tolerance)
}

fn default(kind: NumberKind) -> Tolerance {
    match kind {
        NumberKind::Count
        | NumberKind::Ratio
        | NumberKind::Decimal
        | NumberKind::Size
        | NumberKind::Fingerprint => Tolerance::Exact,
        NumberKind::Duration => Tolerance::Observed,
        NumberKind::Cohort => Tolerance::Split(Alarm::default()),
    }
}

fn word(text: &str) -> mlua::Result<Tolerance> {
    if let Some(percent) = text.trim().strip_suffix('%') {
        let hundredth = Exact::parse(percent).and_then(|percent| {
            let fraction = percent.over(Exact::of_whole(100));
            fraction.ok_or_else(|| "it is too large".to_string())
        });
        let fraction = hundredth.map_err(|why| {
            wrong(format!(
                "`tolerance = \"{text}\"` of `record` is no percentage: {why}"
            ))
        })?;
        return Ok(Tolerance::Relative(not_negative("tolerance", fraction)?));
    }
    Ok(match text {
        "exact" => Tolerance::Exact,
        "observed" => Tolerance::Observed,
        "growing" => Tolerance::Growing,
        "falling" => Tolerance::Falling,
        "binomial" => Tolerance::Binomial(Alarm::default()),
        "poisson" => Tolerance::Poisson(Alarm::default()),
        "split" => Tolerance::Split(Alarm::default()),
        other => {
            let hint = suggest::hint(other, WORDS);
            return Err(wrong(format!(
                "`tolerance` of `record` has no `{other}`{hint} (known: {}, \"2%\")",
                WORDS.join(", ")
            )));
        }
    })
}

fn of_table(table: Value, kind: NumberKind) -> mlua::Result<Tolerance> {
    let options = Options::read("tolerance", table, keys::TOLERANCE)?;
    let min = amount(&options, "min", kind)?;
    let max = amount(&options, "max", kind)?;
    let mut all = Vec::new();
    if let Some(by) = amount(&options, "absolute", kind)? {
        all.push(Tolerance::Absolute(not_negative("absolute", by)?));
    }
    // A fraction of it, whatever it is.
    if let Some(by) = amount(&options, "relative", NumberKind::Ratio)? {
        all.push(Tolerance::Relative(not_negative("relative", by)?));
    }
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        return Err(wrong(format!(
            "`min` of `tolerance` is {min}, more than `max`, {max}"
        )));
    }
    if min.is_some() || max.is_some() {
        all.push(Tolerance::Range { min, max });
    }
    all.extend(alarm(&options, "binomial")?.map(Tolerance::Binomial));
    all.extend(alarm(&options, "poisson")?.map(Tolerance::Poisson));
    all.extend(alarm(&options, "split")?.map(Tolerance::Split));
    match (all.pop(), all.is_empty()) {
        (Some(one), true) => Ok(one),
        _ => Err(wrong(
            "`tolerance` of `record` is one of `absolute`, `relative`, `min` with `max`, `binomial`, `poisson` and `split`",
        )),
    }
}

/// A number, the text of one, or a time where the number is one.
fn amount(options: &Options, key: &str, kind: NumberKind) -> mlua::Result<Option<Exact>> {
    let value = options.value(key)?;
    let read = match &value {
        Value::Nil => return Ok(None),
        time if kind == NumberKind::Duration => {
            as_duration(time).map(|it| Exact::of_nanos(duration::nanos(it)))
        }
        Value::String(text) => Exact::parse(&text.to_string_lossy())
            .map_err(|why| format!("is a number, found {:?}: {why}", text.to_string_lossy())),
        Value::Integer(whole) => Ok(Exact::of_whole(*whole)),
        Value::Number(float) => {
            Exact::of_float(*float).ok_or_else(|| format!("is a number, found {float}"))
        }
        other => Err(format!("is a number, found {}", kind_of(other))),
    };
    read.map(Some)
        .map_err(|why| wrong(format!("`{key}` of `tolerance` {why}")))
}

fn not_negative(key: &str, by: Exact) -> mlua::Result<Exact> {
    match by.is_negative() {
        true => Err(wrong(format!(
            "`{key}` of `record` is a distance, found {by}"
        ))),
        false => Ok(by),
    }
}

/// How often a number that did not change may be called one that did.
pub(in crate::script::api::journey) fn alarm(
    options: &Options,
    key: &str,
) -> mlua::Result<Option<Alarm>> {
    let value = options.value(key)?;
    let rate = match value {
        Value::Nil => return Ok(None),
        Value::Number(rate) => Some(rate).filter(|rate| *rate > 0.0 && *rate < 0.5),
        _ => None,
    };
    rate.map(|rate| Some(Alarm(rate))).ok_or_else(|| {
        wrong(format!(
            "`{key}` is a rate of false alarms above 0 and below 0.5: 0.001 is one in a thousand"
        ))
    })
}

/// Whether the tolerance can be asked of such a number.
fn goes_with(tolerance: &Tolerance, kind: NumberKind, worth: &Worth) -> mlua::Result<()> {
    use NumberKind as Kind;
    let amounts = matches!(
        kind,
        Kind::Count | Kind::Ratio | Kind::Decimal | Kind::Duration | Kind::Size
    );
    let goes = match tolerance {
        Tolerance::Exact | Tolerance::Observed => true,
        Tolerance::Absolute(_)
        | Tolerance::Relative(_)
        | Tolerance::Range { .. }
        | Tolerance::Growing
        | Tolerance::Falling => amounts,
        Tolerance::Binomial(_) => matches!(worth, Worth::Share(_)),
        Tolerance::Poisson(_) => kind == Kind::Count,
        Tolerance::Split(_) => kind == Kind::Cohort,
    };
    if goes {
        return Ok(());
    }
    if matches!(tolerance, Tolerance::Binomial(_)) && kind == Kind::Ratio {
        return Err(wrong(
            "the tolerance `binomial` of `record` needs to know of how many: `{ part = 37, of = 200 }`",
        ));
    }
    let which = match kind {
        Kind::Count => {
            "exact, absolute, relative, min and max, growing, falling, poisson, observed"
        }
        Kind::Ratio => {
            "exact, absolute, relative, min and max, growing, falling, binomial, observed"
        }
        Kind::Decimal | Kind::Duration | Kind::Size => {
            "exact, absolute, relative, min and max, growing, falling, observed"
        }
        Kind::Fingerprint => "exact, observed",
        Kind::Cohort => "split, exact, observed",
    };
    Err(wrong(format!(
        "the tolerance `{}` of `record` does not go with a {} (those that do: {which})",
        named(tolerance),
        kind.name()
    )))
}

/// As scripts write it.
fn named(tolerance: &Tolerance) -> &'static str {
    match tolerance {
        Tolerance::Exact => "exact",
        Tolerance::Absolute(_) => "absolute",
        Tolerance::Relative(_) => "relative",
        Tolerance::Range { .. } => "min, max",
        Tolerance::Growing => "growing",
        Tolerance::Falling => "falling",
        Tolerance::Binomial(_) => "binomial",
        Tolerance::Poisson(_) => "poisson",
        Tolerance::Split(_) => "split",
        Tolerance::Observed => "observed",
    }
}
