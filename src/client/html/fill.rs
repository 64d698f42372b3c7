//! Puts what a script gives into the controls of a form, and refuses what a user could not do.

use super::control::{Choice, Control, Fill, Kind};
use super::form::FormError;
use super::page::Node;
use crate::model::suggest;

/// Fills one field; the submit button that was named, if it was one.
pub(super) fn fill(
    controls: &mut [Control],
    name: &str,
    given: &Fill,
) -> Result<Option<Node>, FormError> {
    let places = candidates(controls, name)?;
    let kind = controls[places[0]].kind;
    match (kind, given) {
        (Kind::Submit { .. }, _) => press(controls, &places, name, given).map(Some),
        (Kind::File, Fill::File(facts, body)) => {
            controls[places[0]].file = Some((facts.clone(), body.clone()));
            Ok(None)
        }
        (Kind::File, _) => Err(takes(name, "a file: `{ filename, type, body }`")),
        (_, Fill::File(..)) => Err(FormError::Page(format!(
            "the field `{name}` of the form takes no file"
        ))),
        (Kind::Hidden | Kind::Text, _) => {
            texts(controls, &places, name, given)?;
            Ok(None)
        }
        (Kind::Check, _) => {
            check(controls, &places, name, given)?;
            Ok(None)
        }
        (Kind::Radio, _) => {
            let Fill::Text(value) = given else {
                return Err(takes(name, "the value to choose"));
            };
            choose_boxes(controls, &places, name, std::slice::from_ref(value))?;
            Ok(None)
        }
        (Kind::Select { multiple }, _) => {
            let values = match given {
                Fill::Text(value) => vec![value.clone()],
                Fill::Many(values) if multiple => values.clone(),
                _ if multiple => return Err(takes(name, "a value, or a list of values")),
                _ => return Err(takes(name, "the value to choose")),
            };
            select(&mut controls[places[0]].choices, name, &values)?;
            Ok(None)
        }
    }
}

/// The places of the controls that a name means: those a user can change, before hidden ones of
/// the same name (a box and the `0` that is sent without it).
fn candidates(controls: &[Control], name: &str) -> Result<Vec<usize>, FormError> {
    let every: Vec<usize> = (0..controls.len())
        .filter(|at| controls[*at].name == name)
        .collect();
    if every.is_empty() || name.is_empty() {
        return Err(unknown(controls, name));
    }
    let enabled: Vec<usize> = every
        .into_iter()
        .filter(|at| !controls[*at].disabled)
        .collect();
    let rank = |at: &usize| match controls[*at].kind {
        Kind::Hidden => 2,
        Kind::Submit { .. } => 1,
        Kind::Text | Kind::Check | Kind::Radio | Kind::Select { .. } | Kind::File => 0,
    };
    let Some(best) = enabled.iter().min_by_key(|at| rank(at)) else {
        return Err(FormError::Page(format!(
            "the field `{name}` of the form is disabled"
        )));
    };
    let kind = controls[*best].kind;
    Ok(enabled
        .iter()
        .copied()
        .filter(|at| std::mem::discriminant(&controls[*at].kind) == std::mem::discriminant(&kind))
        .collect())
}

fn unknown(controls: &[Control], name: &str) -> FormError {
    let mut known: Vec<&str> = Vec::new();
    for control in controls {
        if !control.name.is_empty() && !known.contains(&control.name.as_str()) {
            known.push(&control.name);
        }
    }
    let hint = suggest::hint(name, known.iter().copied());
    let has = match known.is_empty() {
        true => "it has none".to_string(),
        false => format!("it has: {}", known.join(", ")),
    };
    FormError::Page(format!("the form has no field `{name}`{hint} ({has})"))
}

fn takes(name: &str, what: &str) -> FormError {
    FormError::Script(format!("the field `{name}` of the form takes {what}"))
}

fn texts(
    controls: &mut [Control],
    places: &[usize],
    name: &str,
    given: &Fill,
) -> Result<(), FormError> {
    let count = places.len();
    let values = match given {
        Fill::Text(value) if count == 1 => std::slice::from_ref(value),
        Fill::Many(values) if values.len() == count => values,
        Fill::Text(_) | Fill::Many(_) if count > 1 => {
            return Err(FormError::Page(format!(
                "the form has {count} fields `{name}`: it takes a list of {count}"
            )));
        }
        Fill::Text(_) | Fill::Many(_) | Fill::Flag(_) | Fill::File(..) => {
            return Err(takes(name, "a text"));
        }
    };
    for (at, value) in places.iter().zip(values) {
        controls[*at].value.clone_from(value);
    }
    Ok(())
}

fn check(
    controls: &mut [Control],
    places: &[usize],
    name: &str,
    given: &Fill,
) -> Result<(), FormError> {
    match given {
        Fill::Flag(on) if places.len() == 1 => {
            controls[places[0]].checked = *on;
            Ok(())
        }
        Fill::Text(value) => choose_boxes(controls, places, name, std::slice::from_ref(value)),
        Fill::Many(values) => choose_boxes(controls, places, name, values),
        Fill::Flag(_) | Fill::File(..) => Err(takes(
            name,
            "the value to check, or a list of them: there are several boxes",
        )),
    }
}

/// Checks exactly the boxes with these values.
fn choose_boxes(
    controls: &mut [Control],
    places: &[usize],
    name: &str,
    values: &[String],
) -> Result<(), FormError> {
    let known: Vec<&str> = places
        .iter()
        .map(|at| controls[*at].value.as_str())
        .collect();
    if let Some(missing) = values.iter().find(|value| !known.contains(&value.as_str())) {
        return Err(no_choice(name, missing, &known));
    }
    for at in places {
        controls[*at].checked = values.contains(&controls[*at].value);
    }
    Ok(())
}

/// Chooses options by value, or by what a user reads.
fn select(choices: &mut [Choice], name: &str, values: &[String]) -> Result<(), FormError> {
    let mut chosen = Vec::new();
    for value in values {
        let by = |fits: &dyn Fn(&Choice) -> bool| choices.iter().position(fits);
        let open = |choice: &Choice| !choice.disabled;
        let found = by(&|choice| open(choice) && choice.value == *value)
            .or_else(|| by(&|choice| open(choice) && choice.label == *value));
        let Some(found) = found else {
            let open = choices.iter().filter(|choice| open(choice));
            let known: Vec<&str> = open.map(|choice| choice.value.as_str()).collect();
            return Err(no_choice(name, value, &known));
        };
        chosen.push(found);
    }
    for (index, choice) in choices.iter_mut().enumerate() {
        choice.chosen = chosen.contains(&index);
    }
    Ok(())
}

fn no_choice(name: &str, value: &str, known: &[&str]) -> FormError {
    let hint = suggest::hint(value, known.iter().copied());
    FormError::Page(format!(
        "the field `{name}` of the form has no choice `{value}`{hint} (it has: {})",
        known.join(", ")
    ))
}

/// The button of that name, or the one of them with that value.
fn press(
    controls: &[Control],
    places: &[usize],
    name: &str,
    given: &Fill,
) -> Result<Node, FormError> {
    match given {
        Fill::Flag(true) => Ok(controls[places[0]].node),
        Fill::Text(value) => {
            let found = places.iter().find(|at| controls[**at].value == *value);
            found.map(|at| controls[*at].node).ok_or_else(|| {
                let known: Vec<&str> = places
                    .iter()
                    .map(|at| controls[*at].value.as_str())
                    .collect();
                no_choice(name, value, &known)
            })
        }
        Fill::Flag(false) | Fill::Many(_) | Fill::File(..) => Err(takes(
            name,
            "`true` or a button's value, because it is a button",
        )),
    }
}
