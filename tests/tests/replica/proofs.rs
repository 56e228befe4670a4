//! Proofs of forks that peers bring: they reach everybody, and prove nothing about nobody (rule R8).

use protocol::fork::{ForkProof, Side};
use protocol::id::DeviceId;
use protocol::key::SecretKey;
use protocol::statement::Authority;

use crate::home::Home;
use crate::meeting::meet_as_members;
use crate::sizes::heavy;
use crate::splintered::{before_the_fork, branches, take};

fn proof(home: &Home, device: &SecretKey) -> ForkProof {
    let [one, other] = [1, 2].map(|chars| {
        let entries = heavy(home, device, 1, chars);
        let last = entries.last().expect("one");
        Side {
            signature: last.signature.expect("it is signed"),
            headers: entries.into_iter().map(|entry| entry.header).collect(),
        }
    });
    ForkProof::new(one, other)
}

fn neighbours() -> (Home, Home) {
    let mut founder = Home::found();
    founder.admit(2, Authority::Founder);
    let mut bo = Home::new(2, founder.replica.space());
    bo.take(&founder.runs()).expect("honest");
    (founder, bo)
}

#[test]
fn a_proof_about_a_key_of_which_nothing_is_held_changes_nothing() {
    let (mut founder, _) = neighbours();
    let before = founder.replica.frontier_digest();
    for seed in 60..70 {
        let device = SecretKey::from_seed(&[seed; 32]);
        let proof = proof(&founder, &device);
        assert_eq!(proof.verify(founder.replica.space()), Ok(()));
        let received = founder.replica.receive_proofs(vec![proof]);
        assert!(received.batch.is_empty(), "it is kept");
    }
    assert_eq!(founder.replica.frontier_digest(), before);
}

#[test]
fn a_proof_whose_branches_nobody_sent_is_given_on() {
    let (mut founder, mut bo) = neighbours();
    let device = SecretKey::from_seed(&[50; 32]);
    let run = heavy(&founder, &device, 1, 1);
    for home in [&mut founder, &mut bo] {
        home.take(std::slice::from_ref(&run)).expect("it fits");
    }
    let proof = proof(&founder, &device);
    let mut received = founder.replica.receive_proofs(vec![proof]);
    founder.commit(&mut received);
    let id = DeviceId(device.public());
    assert_eq!(founder.replica.forked_at(&id), Some(1));
    assert_eq!(bo.replica.forked_at(&id), None);

    meet_as_members(&mut bo, &mut founder).expect("both are honest");
    assert_eq!(bo.replica.forked_at(&id), Some(1));
    assert_eq!(
        bo.replica.frontier_digest(),
        founder.replica.frontier_digest()
    );
}

#[test]
fn a_proof_is_given_on_while_another_log_differs_for_good() {
    let (mut founder, mut carol, bo) = before_the_fork();
    let branches = branches(&bo, 90);
    take(&mut founder, branches.iter());
    take(&mut carol, branches.iter().rev());
    let device = SecretKey::from_seed(&[50; 32]);
    let run = heavy(&founder, &device, 1, 1);
    for home in [&mut founder, &mut carol] {
        home.take(std::slice::from_ref(&run)).expect("it fits");
    }
    let proof = proof(&founder, &device);
    let mut received = founder.replica.receive_proofs(vec![proof]);
    founder.commit(&mut received);

    meet_as_members(&mut carol, &mut founder).expect("both are honest");
    assert_ne!(
        carol.replica.frontier_digest(),
        founder.replica.frontier_digest()
    );
    let id = DeviceId(device.public());
    assert_eq!(carol.replica.forked_at(&id), Some(1));
}
