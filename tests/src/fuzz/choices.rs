//! Bytes as a source of choices: a fuzzer that changes a byte changes one decision.
//!
//! It knows nothing of what is chosen.

/// The choices that are left; zeros once they are used up.
#[derive(Clone, Debug)]
pub struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    /// Takes all bytes as choices.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Tells whether all were made.
    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes one of 256.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    /// Makes one of `count`, at most 256. With nothing to choose from it is 0.
    pub fn below(&mut self, count: usize) -> usize {
        match count {
            0 => 0,
            _ => usize::from(self.byte()) % count,
        }
    }

    /// Says yes for as many of 256 bytes. Used-up choices say no.
    pub fn rarely(&mut self, of_256: u8) -> bool {
        self.byte() > 255 - of_256
    }

    /// Picks an element.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let index = self.below(from.len());
        from.get(index).cloned()
    }

    /// Picks an element of a list that is never empty.
    pub fn one_of<T: Clone, const N: usize>(&mut self, from: [T; N]) -> T {
        from[self.below(N)].clone()
    }

    /// Makes a number, now and then one at the edge of what fits.
    pub fn number(&mut self) -> i64 {
        match self.byte() {
            255 => i64::MAX,
            254 => i64::MIN,
            253 => 1 << 31,
            252 => -(1 << 31) - 1,
            small => i64::from(small) - 100,
        }
    }

    /// Changes, drops or doubles some bytes, as a torn or malicious transport would.
    pub fn damage(&mut self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let at = (self.below(256) << 8 | self.below(256)) % bytes.len();
        match self.below(4) {
            0 => bytes[at] ^= 1 << self.below(8),
            1 => bytes[at] = self.byte(),
            2 => bytes.truncate(at),
            _ => {
                let again = bytes[at..].iter().take(8).copied().collect::<Vec<u8>>();
                bytes.splice(at..at, again);
            }
        }
    }
}
