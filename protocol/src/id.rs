//! Newtypes for everything that is named by 32 bytes: keys and hashes.
//!
//! It deliberately holds no behaviour beyond parsing and printing: what a name means is the
//! business of the module that owns the noun.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use thiserror::Error;

/// Why a text is not the name of anything.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdError {
    /// The text has another length than 64 hexadecimal digits.
    #[error("expected 64 hexadecimal digits, found {found} characters")]
    Length {
        /// How many characters were found.
        found: usize,
    },
    /// A character is not a hexadecimal digit.
    #[error("character {position} is not a hexadecimal digit")]
    Digit {
        /// Position of the offending character, counted from 1.
        position: usize,
    },
}

fn parse_hex(text: &str) -> Result<[u8; 32], IdError> {
    let found = text.chars().count();
    if found != 64 {
        return Err(IdError::Length { found });
    }
    let mut bytes = [0u8; 32];
    for (index, digit) in text.chars().enumerate() {
        let value = digit.to_digit(16).ok_or(IdError::Digit {
            position: index + 1,
        })?;
        let value = u8::try_from(value).expect("a hexadecimal digit fits a byte");
        bytes[index / 2] = bytes[index / 2] << 4 | value;
    }
    Ok(bytes)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// Number of bytes of the name.
            pub const BYTES: usize = 32;

            /// Returns the bytes of the name.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// Returns the first eight hexadecimal digits: enough to tell names apart on a screen,
            /// never enough to trust.
            pub fn short(&self) -> String {
                self.to_string()[..8].to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                for byte in self.0 {
                    write!(formatter, "{byte:02x}")?;
                }
                Ok(())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}({})", stringify!($name), self.short())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_hex(text).map(Self)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                encoder: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                encoder.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(
                decoder: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                let bytes = decoder.bytes()?;
                <[u8; 32]>::try_from(bytes)
                    .map(Self)
                    .map_err(|_| minicbor::decode::Error::message("a name has 32 bytes"))
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some("^[0-9a-f]{64}$"))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// A neighbourhood's shared data: the hash of its founding statement.
    SpaceId
);
id!(
    /// The ed25519 public key of a member: a household, a guest or an office.
    MemberId
);
id!(
    /// The ed25519 public key of one device.
    DeviceId
);
id!(
    /// The hash of an entry's header. It names the entry and, through the header, its payload.
    EntryId
);
id!(
    /// A document: the name of the entry that created it, so nobody can squat another's document.
    DocumentId
);
id!(
    /// The one-time public key of an invitation.
    InvitationId
);
id!(
    /// The hash of an entry's payload bytes.
    PayloadHash
);

impl From<EntryId> for DocumentId {
    fn from(entry: EntryId) -> Self {
        Self(entry.0)
    }
}

impl From<DocumentId> for EntryId {
    fn from(document: DocumentId) -> Self {
        Self(document.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_printing_and_parsing() {
        let id = EntryId(std::array::from_fn(|i| {
            u8::try_from(i * 7 % 256).expect("fits")
        }));
        assert_eq!(id.to_string().parse::<EntryId>(), Ok(id));
    }

    #[test]
    fn bad_names_say_where() {
        assert_eq!("12".parse::<EntryId>(), Err(IdError::Length { found: 2 }));
        let mut text = "0".repeat(63);
        text.insert(5, 'x');
        assert_eq!(text.parse::<EntryId>(), Err(IdError::Digit { position: 6 }));
    }
}
