//! What is told in confidence is read by those with whom it was shared, and by nobody else
//! (rule R17).

use crate::sim::check::{Check, Failure};
use crate::sim::host::HostId;
use crate::sim::world::World;

impl World {
    /// Has every host try to read everything that was told.
    pub fn check_confidence(&mut self, healed: &[HostId]) {
        let mut found = Vec::new();
        for told in &self.records.told {
            for (number, host) in self.hosts.iter_mut().enumerate() {
                let device = host.device_id();
                let Some(replica) = &mut host.replica else {
                    continue;
                };
                let mut fail = |what: &str| {
                    let document = told.document.short();
                    let detail = format!("host {number} {what} {document}");
                    found.push(Failure::new(Check::Confidential, detail));
                };
                let detail = replica.detail(&host.memory, told.document);
                let Some(detail) = detail.expect("memory can be read") else {
                    continue;
                };
                match detail.text() {
                    Some(text) if *text != told.text => fail("reads something else in"),
                    Some(_) if !told.devices.contains(&device) => fail("reads"),
                    None if healed.contains(&number) && told.first.contains(&device) => {
                        fail("cannot read");
                    }
                    _ => {}
                }
            }
        }
        self.failures.extend(found);
    }
}
