//! The steps of the first run, and what each asks for.

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Which language.
    Language,
    /// Found or join.
    Way,
    /// The neighbourhood's name.
    Neighbourhood,
    /// The invitation, pasted or in a file.
    Invitation,
    /// The household's name and building.
    Household,
    /// Passphrase or key file.
    Protection,
    /// The passphrase, twice.
    Passphrase,
    /// The recovery words.
    Words,
    /// Two of the recovery words.
    Check,
}

impl Step {
    /// How many things there are to choose from.
    pub const fn choices(self) -> usize {
        match self {
            Self::Language | Self::Way | Self::Protection => 2,
            _ => 0,
        }
    }

    /// How many fields there are.
    pub const fn fields(self) -> usize {
        match self {
            Self::Household | Self::Passphrase | Self::Check => 2,
            Self::Neighbourhood | Self::Invitation => 1,
            _ => 0,
        }
    }

    /// The step before.
    pub const fn before(self, founds: bool, has_passphrase: bool) -> Option<Self> {
        Some(match self {
            Self::Language => return None,
            Self::Way => Self::Language,
            Self::Neighbourhood | Self::Invitation => Self::Way,
            Self::Household if founds => Self::Neighbourhood,
            Self::Household => Self::Invitation,
            Self::Protection => Self::Household,
            Self::Passphrase => Self::Protection,
            Self::Words if has_passphrase => Self::Passphrase,
            Self::Words => Self::Protection,
            Self::Check => Self::Words,
        })
    }

    /// Which step it is, of how many, on the way that was chosen.
    pub const fn number(self, has_passphrase: bool) -> (usize, usize) {
        let number = match self {
            Self::Language => 1,
            Self::Way => 2,
            Self::Neighbourhood | Self::Invitation => 3,
            Self::Household => 4,
            Self::Protection => 5,
            Self::Passphrase => 6,
            Self::Words => 6 + has_passphrase as usize,
            Self::Check => 7 + has_passphrase as usize,
        };
        (number, 7 + has_passphrase as usize)
    }

    /// The name of the words that explain it.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Language => "first-language",
            Self::Way => "first-way",
            Self::Neighbourhood => "first-neighbourhood",
            Self::Invitation => "first-invitation",
            Self::Household => "first-household",
            Self::Protection => "first-protection",
            Self::Passphrase => "first-passphrase",
            Self::Words => "first-words",
            Self::Check => "first-check",
        }
    }
}

/// Which two of the recovery words are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordsAsked {
    /// Their places, from 0, the earlier one first.
    pub places: [usize; 2],
}

impl WordsAsked {
    /// Picks two places by the clock: nobody can know beforehand which.
    pub fn at(now_ms: i64, words: usize) -> Self {
        let words = words.max(2);
        let now = usize::try_from(now_ms.unsigned_abs()).unwrap_or(0);
        let first = now % words;
        let second = (first + 1 + (now / words) % (words - 1)) % words;
        Self {
            places: [first.min(second), first.max(second)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_different_words_are_asked_for_at_every_moment() {
        for now_ms in 0..5_000 {
            let [first, second] = WordsAsked::at(now_ms, 24).places;
            assert!(first < second && second < 24, "{now_ms}");
        }
    }

    #[test]
    fn every_step_leads_back_to_the_language() {
        for founds in [true, false] {
            for has_passphrase in [true, false] {
                let mut step = Step::Check;
                let mut steps = 1;
                while let Some(before) = step.before(founds, has_passphrase) {
                    step = before;
                    steps += 1;
                }
                assert_eq!(step, Step::Language);
                assert_eq!(steps, step_count(has_passphrase));
            }
        }
    }

    fn step_count(has_passphrase: bool) -> usize {
        Step::Check.number(has_passphrase).1
    }
}
