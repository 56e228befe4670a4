//! A disk whose power can be cut: a file system of its own in a file, behind a loop device. It
//! needs root, loop devices, `mkfs.ext4`, `mount` and `umount`. What the disk itself has in its
//! cache is not lost with it: only what the program never asked to be written through.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::ioctl::{Setter, ioctl, opcode};

/// `FS_IOC_SHUTDOWN`, which ext4 and XFS know: from here on nothing is read or written.
const SHUTDOWN: rustix::ioctl::Opcode = opcode::read::<u32>(b'X', 125);
/// Not even the journal is written before.
const NO_LOG_FLUSH: u32 = 2;
const BYTES: u64 = 96 * 1024 * 1024;

/// A disk that is mounted in a folder, until it is dropped.
#[derive(Debug)]
pub struct Disk {
    image: PathBuf,
    mounted: PathBuf,
}

impl Disk {
    /// Makes a disk and mounts it.
    ///
    /// # Panics
    ///
    /// Where the machine gives no loop device or no right to mount one.
    pub fn new(folder: &Path) -> Self {
        let disk = Self {
            image: folder.join("disk"),
            mounted: folder.join("mounted"),
        };
        let image = File::create(&disk.image).expect("an image can be made");
        image.set_len(BYTES).expect("an image can be made");
        std::fs::create_dir(&disk.mounted).expect("a folder");
        run(Command::new("mkfs.ext4")
            .args(["-q", "-F"])
            .arg(&disk.image));
        disk.mount();
        disk
    }

    /// The folder in which it is mounted.
    pub fn path(&self) -> &Path {
        &self.mounted
    }

    /// Cuts the power: what was not written through is lost, and whoever writes gets an error.
    ///
    /// # Panics
    ///
    /// Where the file system does not know how.
    pub fn cut_power(&self) {
        let root = File::open(&self.mounted).expect("the root can be opened");
        // SAFETY: the request reads one u32 through the pointer that `Setter` passes.
        let cut = unsafe { ioctl(&root, Setter::<SHUTDOWN, u32>::new(NO_LOG_FLUSH)) };
        cut.expect("the file system can be shut down");
    }

    /// Brings the power back. Nobody may hold a file of the disk.
    ///
    /// # Panics
    ///
    /// When the disk is busy or its journal cannot be replayed.
    pub fn restore_power(&self) {
        self.unmount();
        self.mount();
    }

    fn mount(&self) {
        run(Command::new("mount")
            .args(["-o", "loop"])
            .arg(&self.image)
            .arg(&self.mounted));
    }

    fn unmount(&self) {
        // The kernel may hold a file for a moment after its process has ended.
        for _ in 0..100 {
            let unmounted = Command::new("umount").arg(&self.mounted).output();
            if unmounted.is_ok_and(|output| output.status.success()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{} stays busy", self.mounted.display());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A test that failed may still hold files; then the mount goes with the last of them.
        let _reported_by_the_test = Command::new("umount").arg("-l").arg(&self.mounted).output();
    }
}

fn run(command: &mut Command) {
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?} (root and loop devices are needed): {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
