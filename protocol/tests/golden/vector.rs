//! One golden vector: its name, the bytes that fixed values make, and how they are read.

/// What is wrong with bytes.
pub type Fault = String;

/// Reads a vector's bytes back.
pub type Reader = Box<dyn Fn(&[u8]) -> Result<(), Fault>>;

/// One vector.
pub struct Vector {
    /// Its group and name, with a stroke between.
    pub name: String,
    /// The bytes that its value makes.
    pub bytes: Vec<u8>,
    /// Reads bytes, compares the value and writes it again.
    pub read: Reader,
}

impl Vector {
    /// Makes a vector of a value that is written and read.
    pub fn of<T: PartialEq + std::fmt::Debug + 'static>(
        name: &str,
        value: T,
        write: impl Fn(&T) -> Vec<u8> + 'static,
        read: impl Fn(&[u8]) -> Result<T, Fault> + 'static,
    ) -> Self {
        Self {
            name: name.to_owned(),
            bytes: write(&value),
            read: Box::new(move |bytes| {
                let found = read(bytes)?;
                if found != value {
                    return Err(format!("read as {found:?}, not as {value:?}"));
                }
                if write(&found) != bytes {
                    return Err("written otherwise than it was read".to_owned());
                }
                Ok(())
            }),
        }
    }

    /// Makes a vector of a hash, or of other bytes that are computed and never read.
    pub fn computed(name: &str, bytes: &[u8]) -> Self {
        Self::of(name, bytes.to_vec(), Vec::clone, |bytes| Ok(bytes.to_vec()))
    }

    /// Returns the name of its file in the folder of vectors.
    pub fn file(&self) -> String {
        format!("{}.hex", self.name)
    }
}

/// Writes bytes as hexadecimal digits, 32 bytes a line.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for line in bytes.chunks(32) {
        text.extend(line.iter().map(|byte| format!("{byte:02x}")));
        text.push('\n');
    }
    text
}

/// Reads what [`hex`] writes.
pub fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digits: String = text.split_whitespace().collect();
    let mut pairs = digits.as_bytes().chunks(2);
    if !digits.is_ascii() {
        return None;
    }
    pairs.try_fold(Vec::new(), |mut bytes, pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        bytes.push(
            u8::from_str_radix(pair, 16)
                .ok()
                .filter(|_| pair.len() == 2)?,
        );
        Some(bytes)
    })
}

/// Tells whether a code stands in a format that is a flat choice, given how it is read.
pub fn is_known<T: for<'b> minicbor::Decode<'b, ()>>(code: u64) -> bool {
    let mut bytes = vec![0x81];
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    encoder.u64(code).expect("a vector grows");
    let read: Result<T, _> = minicbor::decode(&bytes);
    !matches!(read, Err(error) if error.is_unknown_variant())
}

/// Checks that there is a vector for each code of a flat choice, and returns how many there are.
pub fn assert_whole<T: for<'b> minicbor::Decode<'b, ()>>(
    what: &str,
    vectors: &[Vector],
    at: usize,
) {
    let known: Vec<u64> = (0..1_000).filter(|code| is_known::<T>(*code)).collect();
    let shown: std::collections::BTreeSet<u64> = vectors
        .iter()
        .filter_map(|vector| code_at(&vector.bytes, at))
        .collect();
    let missing: Vec<&u64> = known.iter().filter(|code| !shown.contains(code)).collect();
    assert!(
        missing.is_empty(),
        "{what} without a vector: codes {missing:?}"
    );
}

/// Reads the code of the flat choice that begins at a byte.
fn code_at(bytes: &[u8], at: usize) -> Option<u64> {
    let mut decoder = minicbor::Decoder::new(bytes.get(at..)?);
    decoder.array().ok()?;
    decoder.u64().ok()
}
