//! Runs the simulator from the command line.
use tests::sim::world::{Options, World};
fn main() {
    let first: u64 = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(1);
    let count: u64 = std::env::args().nth(2).and_then(|a| a.parse().ok()).unwrap_or(1);
    for seed in first..first + count {
    let options = Options { seed, replicas: 30, entries: 500, hostile_per_mille: 330, without: None, verbose: std::env::var("V").is_ok() };
    let t = std::time::Instant::now();
    let mut world = World::populated(options);
    world.run(); let e1 = t.elapsed(); let findings = world.check_at_the_end();
    println!("{findings:?} run {e1:?} seed {seed} entries {} hours {} in {:?} failures {} {:#?}", world.ledger.known(), world.node_hours(), t.elapsed(), world.failures.len(), world.failures.iter().take(5).collect::<Vec<_>>());
    println!("{:?}", world.faults);
    }
}
