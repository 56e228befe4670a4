//! What a node keeps secret, as values.
//!
//! Every secret lies on the heap once, is erased when it is dropped, and never shows in `Debug`.
//! What the seeds are seeds of is the protocol's business; how they lie on disk is the sealed
//! file's, save for the form of the plain bytes, which is defined here.

use std::fmt;

use minicbor::{Decode, Decoder, Encode, Encoder};
use protocol::id::SpaceId;
use secrecy::{ExposeSecret, SecretBox};
use zeroize::Zeroizing;

/// 32 secret bytes.
pub struct Seed(SecretBox<[u8; 32]>);

impl Seed {
    /// Takes a seed over from bytes and erases them.
    pub fn take(bytes: &mut [u8; 32]) -> Self {
        let seed = Self::copy_of(bytes);
        zeroize::Zeroize::zeroize(bytes);
        seed
    }

    /// Makes a seed of fresh random bytes.
    ///
    /// # Errors
    ///
    /// The system gave none.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut())?;
        Ok(Self::copy_of(&bytes))
    }

    /// The bytes, for as long as they are used on the spot.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }

    fn copy_of(bytes: &[u8; 32]) -> Self {
        Self(SecretBox::init_with_mut(|kept: &mut [u8; 32]| {
            kept.copy_from_slice(bytes);
        }))
    }
}

impl Clone for Seed {
    fn clone(&self) -> Self {
        Self::copy_of(self.expose())
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seed(secret)")
    }
}

impl<C> Encode<C> for Seed {
    fn encode<W: minicbor::encode::Write>(
        &self,
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.bytes(self.expose())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Seed {
    fn decode(decoder: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bytes: &[u8; 32] = decoder
            .bytes()?
            .try_into()
            .map_err(|_| minicbor::decode::Error::message("a seed has 32 bytes"))?;
        Ok(Self::copy_of(bytes))
    }
}

/// An admission that has been asked for and not been given yet.
#[derive(Clone, Decode, Encode)]
#[cbor(map)]
pub struct PendingJoin {
    /// The neighbourhood.
    #[n(0)]
    pub space: SpaceId,
    /// The invitation as it was given: it holds the space's secret and a one-time key.
    #[n(1)]
    #[cbor(with = "secret_bytes")]
    pub invitation: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for PendingJoin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PendingJoin")
            .field("space", &self.space)
            .field("invitation", &"secret")
            .finish()
    }
}

/// Everything secret that a node keeps.
#[derive(Clone, Debug, Decode, Encode)]
#[cbor(map)]
pub struct Secrets {
    /// The entropy of the household's recovery words; a relay has none, nor has a node whose
    /// resident keeps the words on paper only.
    #[n(0)]
    pub household: Option<Seed>,
    /// The seed of this device's key. It never enters a backup.
    #[n(1)]
    pub device: Seed,
    /// The seed of a relay's transport key, by which its address stays the same; a home's transport
    /// key is made anew at each start.
    #[n(2)]
    pub relay_transport: Option<Seed>,
    /// The space's secret, from which the names of topics derive; none before there is a space.
    #[n(3)]
    pub space_secret: Option<Seed>,
    /// Admissions that are waited for.
    #[n(4)]
    pub pending_joins: Vec<PendingJoin>,
    /// The key that seals the store; none in a keystore of an earlier version. It never enters a
    /// backup, and it stays what it is when the device's key is replaced.
    #[n(5)]
    pub store: Option<Seed>,
}

impl Secrets {
    /// Secrets of a device that has nothing but its key.
    pub fn of_device(device: Seed) -> Self {
        Self {
            household: None,
            device,
            relay_transport: None,
            space_secret: None,
            pending_joins: Vec::new(),
            store: None,
        }
    }
}

mod secret_bytes {
    //! A CBOR byte string that is erased when it is dropped.

    use super::{Decoder, Encoder, Zeroizing};

    pub fn encode<C, W: minicbor::encode::Write>(
        bytes: &Zeroizing<Vec<u8>>,
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.bytes(bytes)?.ok()
    }

    pub fn decode<C>(
        decoder: &mut Decoder<'_>,
        _: &mut C,
    ) -> Result<Zeroizing<Vec<u8>>, minicbor::decode::Error> {
        Ok(Zeroizing::new(decoder.bytes()?.to_vec()))
    }
}
