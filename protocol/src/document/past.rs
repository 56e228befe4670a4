//! Causal pasts: sets of entries, by local number.
//!
//! Local numbers are given in the order of adding; nothing that is shown depends on them. A past is
//! kept as spans of numbers: writing that merges what it saw has few of them, and chains stay
//! together where a document is built at once. It deliberately knows nothing of the graph.

/// A set of local entry numbers, as ascending spans that do not touch each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Past {
    spans: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    fn of(entry: u32) -> Self {
        Self {
            start: entry,
            end: entry + 1,
        }
    }
}

impl FromIterator<u32> for Past {
    /// Collects entries that come in ascending order.
    fn from_iter<I: IntoIterator<Item = u32>>(entries: I) -> Self {
        let mut past = Self::default();
        for entry in entries {
            match past.spans.last_mut() {
                Some(last) if last.end == entry => last.end += 1,
                _ => past.spans.push(Span::of(entry)),
            }
        }
        past
    }
}

impl Past {
    /// Tells whether an entry is in the past.
    pub(super) fn contains(&self, entry: u32) -> bool {
        let after = self.spans.partition_point(|span| span.start <= entry);
        after > 0 && entry < self.spans[after - 1].end
    }

    /// Adds an entry.
    pub(super) fn insert(&mut self, entry: u32) {
        if self.contains(entry) {
            return;
        }
        self.add_spans(&[Span::of(entry)]);
    }

    /// Adds another past.
    pub(super) fn add(&mut self, other: &Self) {
        if self.spans.is_empty() {
            self.spans.clone_from(&other.spans);
        } else {
            self.add_spans(&other.spans);
        }
    }

    /// Returns the spans: from the first number, up to but without the second.
    pub(super) fn spans(&self) -> impl ExactSizeIterator<Item = (u32, u32)> + '_ {
        self.spans.iter().map(|span| (span.start, span.end))
    }

    /// Returns the last span.
    pub(super) fn last_span(&self) -> Option<(u32, u32)> {
        self.spans.last().map(|span| (span.start, span.end))
    }

    /// Removes an entry and all with greater numbers.
    pub(super) fn cut_off(&mut self, entry: u32) {
        self.spans
            .truncate(self.spans.partition_point(|span| span.start < entry));
        if let Some(last) = self.spans.last_mut() {
            last.end = last.end.min(entry);
        }
    }

    /// Removes the entries of another past.
    pub(super) fn remove(&mut self, other: &Self) {
        let mut left = Vec::with_capacity(self.spans.len());
        let mut others = other.spans.iter().peekable();
        for span in &self.spans {
            let mut start = span.start;
            while let Some(other) = others.next_if(|other| other.end <= span.end) {
                if start < other.start {
                    left.push(Span {
                        start,
                        end: other.start,
                    });
                }
                start = start.max(other.end);
            }
            let end = others
                .peek()
                .map_or(span.end, |other| other.start.min(span.end));
            if start < end {
                left.push(Span { start, end });
            }
        }
        self.spans = left;
    }

    /// Tells whether any of some entries, ascending, is in the past.
    pub(super) fn contains_any(&self, entries: &[u32]) -> bool {
        if entries.len() <= self.spans.len() {
            return entries.iter().any(|entry| self.contains(*entry));
        }
        self.spans.iter().any(|span| {
            let from = entries.partition_point(|entry| *entry < span.start);
            entries.get(from).is_some_and(|entry| *entry < span.end)
        })
    }

    fn add_spans(&mut self, others: &[Span]) {
        if let [other] = others
            && let Some(last) = self.spans.last_mut()
            && last.end == other.start
        {
            last.end = other.end;
            return;
        }
        let mut all = Vec::with_capacity(self.spans.len() + others.len());
        all.extend_from_slice(&self.spans);
        all.extend_from_slice(others);
        all.sort_unstable_by_key(|span| span.start);
        self.spans.clear();
        for span in all {
            match self.spans.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => self.spans.push(span),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_past_is_the_set_of_what_was_added() {
        let mut state = 1u64;
        for _ in 0..300 {
            let mut past = Past::default();
            let mut set = std::collections::BTreeSet::new();
            for _ in 0..20 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let (entry, length) = ((state >> 33) % 60, (state >> 50) % 4);
                let more: Past = (entry as u32..(entry + length) as u32).collect();
                set.extend(entry as u32..(entry + length) as u32);
                past.add(&more);
                past.insert((state >> 40) as u32 % 60);
                set.insert((state >> 40) as u32 % 60);
            }
            let all: Past = set.iter().copied().collect();
            assert_eq!(past, all);
            let other: Past = (0..70)
                .filter(|entry| state >> (entry % 31) & 1 == 1)
                .collect();
            let mut less = past.clone();
            less.remove(&other);
            let left: Past = set
                .iter()
                .copied()
                .filter(|entry| !other.contains(*entry))
                .collect();
            assert_eq!(less, left);
            for entry in 0..70 {
                assert_eq!(past.contains(entry), set.contains(&entry));
                let mut short = past.clone();
                short.cut_off(entry);
                let kept: Past = set.range(..entry).copied().collect();
                assert_eq!(short, kept);
                assert_eq!(
                    short.last_span().map(|(_, end)| end - 1),
                    set.range(..entry).last().copied()
                );
                let some: Vec<u32> = (entry..70).step_by(1 + entry as usize % 7).collect();
                let any = some.iter().any(|entry| set.contains(entry));
                assert_eq!(past.contains_any(&some), any);
            }
        }
    }
}
