//! The steps of the first run, and what each asks for.

/// The ways through the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    /// Founding a neighbourhood.
    Founds,
    /// Joining one as a new household or guest.
    Joins,
    /// Becoming a further device of a household: it has a name already, and its key stays away.
    Enrols,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Which language.
    Language,
    /// Found or join.
    Way,
    /// The neighbourhood's name.
    Neighbourhood,
    /// The invitation or the code of another device, pasted or in a file.
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
    pub const fn before(self, road: Road, has_passphrase: bool) -> Option<Self> {
        Some(match self {
            Self::Language => return None,
            Self::Way => Self::Language,
            Self::Neighbourhood | Self::Invitation => Self::Way,
            Self::Household if matches!(road, Road::Founds) => Self::Neighbourhood,
            Self::Household => Self::Invitation,
            Self::Protection if matches!(road, Road::Enrols) => Self::Invitation,
            Self::Protection => Self::Household,
            Self::Passphrase => Self::Protection,
            Self::Words if has_passphrase => Self::Passphrase,
            Self::Words => Self::Protection,
            Self::Check => Self::Words,
        })
    }

    /// Which step it is, of how many, on the way that was chosen.
    pub const fn number(self, road: Road, has_passphrase: bool) -> (usize, usize) {
        let passphrase = has_passphrase as usize;
        // A further device has no household to name and no words to keep.
        let (protection, of) = match road {
            Road::Enrols => (4, 4),
            Road::Founds | Road::Joins => (5, 7),
        };
        let number = match self {
            Self::Language => 1,
            Self::Way => 2,
            Self::Neighbourhood | Self::Invitation => 3,
            Self::Household => 4,
            Self::Protection => protection,
            Self::Passphrase => protection + 1,
            Self::Words => 6 + passphrase,
            Self::Check => 7 + passphrase,
        };
        (number, of + passphrase)
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
        for road in [Road::Founds, Road::Joins, Road::Enrols] {
            for has_passphrase in [true, false] {
                let mut step = match (road, has_passphrase) {
                    (Road::Enrols, true) => Step::Passphrase,
                    (Road::Enrols, false) => Step::Protection,
                    _ => Step::Check,
                };
                let (number, of) = step.number(road, has_passphrase);
                assert_eq!(number, of, "{road:?}: it is the last one");
                let mut steps = 1;
                while let Some(before) = step.before(road, has_passphrase) {
                    assert_eq!(before.number(road, has_passphrase).0 + steps, of);
                    step = before;
                    steps += 1;
                }
                assert_eq!(step, Step::Language);
                assert_eq!(steps, of);
            }
        }
    }
}
