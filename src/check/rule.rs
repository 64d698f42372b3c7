//! The rules by name, what each is about, and how much it weighs.

use serde::Serialize;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A run would end in it, or be silently weaker than it looks.
    Error,
    /// Perhaps meant so.
    Warning,
}

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The project file or the target cannot be used.
    Config,
    /// A file of journeys cannot be loaded.
    Load,
    /// A name that nothing declares.
    UnknownGlobal,
    /// Something that an object or a module of the API does not have.
    UnknownMember,
    /// An option that a call does not have.
    UnknownOption,
    /// A pattern that `match` does not have, or of a field that a response does not have.
    UnknownPattern,
    /// A value that is written out and that a call refuses, a pattern among them.
    WrongValue,
    /// A service that no target has.
    UnknownService,
    /// An address whose host no target names.
    ForeignHost,
    /// A file or a module that is not there.
    MissingFile,
    /// A variable or a secret that no target names.
    UnknownVariable,
    /// `covers` of a feature that the project does not list.
    UnknownFeature,
    /// `targets` of a journey that the project does not have.
    UnknownTarget,
    /// A feature that no journey covers.
    UncoveredFeature,
    /// A journey that expects nothing.
    NoExpectation,
    /// A step that can pass without expecting anything.
    EmptyStep,
    /// An absence that is watched for less than `settle`.
    ShortAbsence,
    /// A deadline that lies behind the journey's own.
    LateDeadline,
    /// A value that is captured and never used.
    UnusedValue,
    /// A quarantine whose last day is over.
    OverdueQuarantine,
    /// A comment that allows nothing, or without a reason.
    UselessAllow,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 21] = [
        Self::Config,
        Self::Load,
        Self::UnknownGlobal,
        Self::UnknownMember,
        Self::UnknownOption,
        Self::UnknownPattern,
        Self::WrongValue,
        Self::UnknownService,
        Self::ForeignHost,
        Self::MissingFile,
        Self::UnknownVariable,
        Self::UnknownFeature,
        Self::UnknownTarget,
        Self::UncoveredFeature,
        Self::NoExpectation,
        Self::EmptyStep,
        Self::ShortAbsence,
        Self::LateDeadline,
        Self::UnusedValue,
        Self::OverdueQuarantine,
        Self::UselessAllow,
    ];

    /// Its name in comments, options and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Load => "load",
            Self::UnknownGlobal => "unknown-global",
            Self::UnknownMember => "unknown-member",
            Self::UnknownOption => "unknown-option",
            Self::UnknownPattern => "unknown-pattern",
            Self::WrongValue => "wrong-value",
            Self::UnknownService => "unknown-service",
            Self::ForeignHost => "foreign-host",
            Self::MissingFile => "missing-file",
            Self::UnknownVariable => "unknown-variable",
            Self::UnknownFeature => "unknown-feature",
            Self::UnknownTarget => "unknown-target",
            Self::UncoveredFeature => "uncovered-feature",
            Self::NoExpectation => "no-expectation",
            Self::EmptyStep => "empty-step",
            Self::ShortAbsence => "short-absence",
            Self::LateDeadline => "late-deadline",
            Self::UnusedValue => "unused-value",
            Self::OverdueQuarantine => "overdue-quarantine",
            Self::UselessAllow => "useless-allow",
        }
    }

    /// The rule of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// What a finding of it is, unless the command line says otherwise.
    pub fn severity(self) -> Severity {
        match self {
            Self::Config
            | Self::Load
            | Self::UnknownGlobal
            | Self::UnknownMember
            | Self::UnknownOption
            | Self::UnknownPattern
            | Self::WrongValue
            | Self::UnknownService
            | Self::ForeignHost
            | Self::MissingFile
            | Self::UnknownVariable
            | Self::UnknownFeature
            | Self::UnknownTarget => Severity::Error,
            Self::UncoveredFeature
            | Self::NoExpectation
            | Self::EmptyStep
            | Self::ShortAbsence
            | Self::LateDeadline
            | Self::UnusedValue
            | Self::OverdueQuarantine
            | Self::UselessAllow => Severity::Warning,
        }
    }

    /// Whether a comment can allow it: what a run would end in cannot be.
    pub fn can_be_allowed(self) -> bool {
        !matches!(self, Self::Config | Self::Load | Self::UselessAllow)
    }
}
