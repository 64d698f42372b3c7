use super::super::sample::near;
use super::*;

/// Floors that never hold anything back.
const BARE: Rule = Rule {
    absolute: 0.0,
    relative: 0.0,
    logarithmic: false,
    cut: median::CUT,
};

const HISTORY: [f64; 10] = [
    102.0, 98.0, 101.0, 99.0, 100.0, 103.0, 97.0, 100.0, 101.0, 99.0,
];

fn flagged(history: &[f64], value: f64, rule: &Rule) -> Option<(How, f64, bool)> {
    match judge(history, value, rule) {
        Judgement::Flagged {
            how,
            score,
            may_fail,
            ..
        } => Some((how, score, may_fail)),
        Judgement::Unremarkable(_) => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_all_equal_history_flags_the_first_outlier() {
    let history = [1.0; 20];
    let (how, score, may_fail) = flagged(&history, 2.0, &Rule::COUNTS).expect("an answer");
    assert_eq!((how, score, may_fail), (How::Constant, 1.0, true));
    let (how, score, _) = flagged(&history, 0.0, &Rule::COUNTS).expect("an answer");
    assert_eq!((how, score), (How::Constant, -1.0));
    assert_eq!(flagged(&history, 1.0, &Rule::COUNTS), None);
    // Beyond the floor, not at it.
    assert_eq!(flagged(&history, 1.5, &Rule::COUNTS), None);
    // Of few values it only warns.
    assert!(!flagged(&[1.0; 9], 2.0, &Rule::COUNTS).expect("an answer").2);
}

#[test]
fn a_constant_history_asks_for_the_absolute_floor_alone() {
    let history = [1000.0; 12];
    assert_eq!(flagged(&history, 1015.0, &Rule::MILLISECONDS), None);
    assert_eq!(flagged(&history, 985.0, &Rule::MILLISECONDS), None);
    assert!(flagged(&history, 984.0, &Rule::MILLISECONDS).is_some());
    let (how, score, _) = flagged(&history, 1016.0, &Rule::MILLISECONDS).expect("an answer");
    assert_eq!((how, score), (How::Constant, 16.0));
}

#[test]
fn the_rule_goes_by_how_much_there_is() {
    for have in 0..5 {
        assert_eq!(
            judge(&HISTORY[..have], 1e9, &BARE),
            Judgement::NotEnough { have, need: 5 }
        );
    }
    for have in 5..10 {
        let (how, _, may_fail) = flagged(&HISTORY[..have], 1e9, &BARE).expect("an answer");
        assert_eq!((how, may_fail), (How::Interval, false), "{have}");
    }
    let (how, _, may_fail) = flagged(&HISTORY, 1e9, &BARE).expect("an answer");
    assert_eq!((how, may_fail), (How::Mad, true));
}

#[test]
fn ten_values_are_judged_by_median_and_mad() {
    assert_eq!(flagged(&HISTORY, 104.0, &BARE), None);
    near(
        flagged(&HISTORY, 107.0, &BARE).expect("an answer").1,
        4.7215,
    );
    near(
        flagged(&HISTORY, 85.0, &BARE).expect("an answer").1,
        -10.1175,
    );
    let Judgement::Unremarkable(expected) = judge(&HISTORY, 104.0, &BARE) else {
        panic!("it is quiet");
    };
    assert_eq!(expected.value, 100.0);
    near(expected.high, 100.0 + 3.5 / 0.6745);
    near(expected.low, 100.0 - 3.5 / 0.6745);
}

#[test]
fn five_values_are_judged_by_the_interval() {
    let history = [99.0, 101.0, 100.0, 98.0, 102.0];
    let reach = interval::multiplier(5).expect("an answer") * 2.5_f64.sqrt();
    assert_eq!(flagged(&history, 100.0 + reach - 1e-6, &BARE), None);
    let (how, score, _) = flagged(&history, 100.0 + reach + 1e-6, &BARE).expect("an answer");
    assert_eq!(how, How::Interval);
    near(
        score,
        interval::prediction(&history).expect("an answer").most,
    );
}

#[test]
fn both_floors_have_to_be_exceeded() {
    // Plainly an outlier, but by 7, which is 7 %.
    let floors = |absolute, relative| Rule {
        absolute,
        relative,
        ..BARE
    };
    assert!(flagged(&HISTORY, 107.0, &floors(6.9, 0.069)).is_some());
    assert_eq!(flagged(&HISTORY, 107.0, &floors(7.0, 0.0)), None);
    assert_eq!(flagged(&HISTORY, 107.0, &floors(0.0, 0.07)), None);
    // A relative floor is one of sizes, also below 0.
    let below: Vec<f64> = HISTORY.iter().map(|value| -value).collect();
    assert_eq!(flagged(&below, -107.0, &floors(0.0, 0.07)), None);
    assert!(flagged(&below, -107.0, &floors(0.0, 0.069)).is_some());
}

#[test]
fn durations_are_compared_by_their_logarithm() {
    let history: [f64; 10] = [
        180.0, 190.0, 200.0, 210.0, 220.0, 195.0, 205.0, 185.0, 215.0, 200.0,
    ];
    let rule = Rule::MILLISECONDS;
    let Judgement::Unremarkable(expected) = judge(&history, 200.0, &rule) else {
        panic!("it is the median");
    };
    near(expected.value, 200.0);
    // As far up by a factor as down by one.
    assert!((expected.high / 200.0 - 200.0 / expected.low).abs() < 0.01);
    assert!(expected.high - 200.0 > 200.0 - expected.low);
    assert!(flagged(&history, 400.0, &rule).expect("an answer").1 > 3.5);
    assert!(flagged(&history, 100.0, &rule).expect("an answer").1 < -3.5);
    // The floors are those of milliseconds.
    let quiet: [f64; 10] = [50.0, 50.1, 49.9, 50.0, 50.2, 49.8, 50.1, 49.9, 50.0, 50.1];
    assert_eq!(flagged(&quiet, 64.9, &rule), None);
    assert!(flagged(&quiet, 65.3, &rule).is_some());
}

#[test]
fn a_duration_of_nothing_has_no_logarithm_and_is_judged_all_the_same() {
    let history: [f64; 10] = [0.0, 1.0, 2.0, 1.0, 0.0, 1.0, 2.0, 3.0, 1.0, 1.0];
    assert_eq!(flagged(&history, 14.0, &Rule::MILLISECONDS), None);
    assert!(flagged(&history, 17.0, &Rule::MILLISECONDS).is_some());
    let usual = [100.0, 101.0, 102.0, 103.0, 104.0, 105.0];
    assert!(flagged(&usual, 0.0, &Rule::MILLISECONDS).is_some());
}

#[test]
fn a_history_of_nearly_one_value_falls_back_to_the_mean_deviation() {
    let mut history = [1.0; 20];
    history[3] = 2.0;
    let (how, score, _) = flagged(&history, 2.0, &Rule::COUNTS).expect("an answer");
    assert_eq!(how, How::Mad);
    near(score, 1.0 / (1.2533 * 0.05));
}

#[test]
fn what_cannot_be_compared_says_so() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(judge(&HISTORY, value, &BARE), Judgement::Unusable);
        let mut history = HISTORY;
        history[4] = value;
        assert_eq!(judge(&history, 100.0, &BARE), Judgement::Unusable);
        for rule in [
            Rule {
                absolute: value,
                ..BARE
            },
            Rule {
                relative: value,
                ..BARE
            },
        ] {
            assert_eq!(judge(&HISTORY, 100.0, &rule), Judgement::Unusable);
        }
    }
    for rule in [
        Rule {
            absolute: -1.0,
            ..BARE
        },
        Rule { cut: 0.0, ..BARE },
    ] {
        assert_eq!(judge(&HISTORY, 100.0, &rule), Judgement::Unusable);
    }
    // Distances that no float holds.
    let mut far = [f64::MAX; 10];
    far[..6].fill(-f64::MAX);
    assert_eq!(judge(&far, 0.0, &BARE), Judgement::Unusable);
}
