//! Runs the simulator from the command line.
use tests::sim::world::{Options, World};
fn main() {
    for seed in 1..4 {
    let options = Options { seed, replicas: 30, entries: 500, hostile_per_mille: 330, without: None, verbose: std::env::var("V").is_ok() };
    let t = std::time::Instant::now();
    let mut world = World::populated(options);
    world.run();
    println!("seed {seed} entries {} hours {} in {:?} failures {:?}", world.ledger.known(), world.node_hours(), t.elapsed(), world.failures);
    println!("{:?}", world.faults);
    }
}
