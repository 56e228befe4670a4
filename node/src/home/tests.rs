//! Tests of homes and their locks.

use std::os::unix::net::{UnixListener, UnixStream};

use super::*;

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).expect("metadata").mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("mode set");
}

#[test]
fn a_new_home_is_private_down_to_the_socket_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("above/home");
    let home = Home::create(&path).expect("created");
    assert_eq!(mode(&path), 0o700);
    assert_eq!(mode(&folder.path().join("above")), 0o700);
    let lock = home.lock().expect("locked");
    assert_eq!(mode(&home.run_folder()), 0o700);
    assert_eq!(mode(&home.lock_file()), 0o600);
    drop(lock);
    assert_eq!(Home::create(&path).expect("again"), home);
}

#[test]
fn an_open_folder_is_closed_only_while_it_is_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    set_mode(folder.path(), 0o755);
    Home::create(folder.path()).expect("an empty folder serves");
    assert_eq!(mode(folder.path()), 0o700);

    set_mode(folder.path(), 0o755);
    fs::write(folder.path().join("holiday.jpg"), "…").expect("written");
    let error = Home::create(folder.path()).expect_err("others may have looked in");
    assert!(
        matches!(
            error,
            HomeError::Access(AccessError::TooPermissive {
                mode: 0o755,
                wanted: 0o700,
                ..
            })
        ),
        "{error}"
    );
    assert!(error.to_string().contains("chmod 700"), "{error}");
    assert_eq!(mode(folder.path()), 0o755, "nothing was changed");
}

#[test]
fn what_is_no_home_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("home");
    assert!(matches!(Home::open(&path), Err(HomeError::Missing { .. })));
    fs::write(&path, "").expect("written");
    for error in [
        Home::open(&path),
        Home::create(&path),
        Home::create(&path.join("inside")),
    ] {
        assert!(
            matches!(error, Err(HomeError::NotAFolder { .. })),
            "{error:?}"
        );
    }
}

#[test]
fn one_lock_at_a_time_and_the_error_names_its_holder() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::create(&folder.path().join("home")).expect("created");
    let lock = home.lock().expect("free");
    let error = home.lock().expect_err("held");
    let own = std::process::id();
    assert!(
        matches!(error, LockError::Held { pid: Some(pid), .. } if pid == own),
        "{error}"
    );
    assert!(
        error.to_string().contains(&format!("process {own}")),
        "{error}"
    );
    drop(lock);
    drop(home.lock().expect("free again"));
}

#[test]
fn a_lock_file_that_a_crash_left_holds_nobody_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::create(&folder.path().join("home")).expect("created");
    fs::write(home.lock_file(), "4194304999 and more than a number").expect("written");
    let lock = home.lock().expect("nobody has it");
    let text = fs::read_to_string(home.lock_file()).expect("read");
    assert_eq!(text, format!("{}\n", std::process::id()));
    drop(lock);
}

#[test]
fn locking_sweeps_up_after_crashes_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::create(&folder.path().join("home")).expect("created");
    let left = home.path().join(".linli.keys.0123456789abcdef.unfinished");
    fs::write(&left, "half").expect("written");
    fs::write(home.keystore(), "whole").expect("written");
    let _lock = home.lock().expect("free");
    assert!(!left.exists());
    assert!(home.keystore().exists());
}

#[test]
fn a_socket_left_behind_is_removed_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::create(&folder.path().join("home")).expect("created");
    let lock = home.lock().expect("free");
    let socket = home.socket().expect("short enough");
    assert!(!lock.clear_socket().expect("nothing there"));

    drop(UnixListener::bind(&socket).expect("bound"));
    UnixStream::connect(&socket).expect_err("nobody listens");
    assert!(lock.clear_socket().expect("removed"));
    UnixListener::bind(&socket).expect("the place is free");
    fs::remove_file(&socket).expect("removed");

    fs::write(&socket, "mine").expect("written");
    assert!(matches!(
        lock.clear_socket(),
        Err(SocketError::NotASocket { .. })
    ));
    assert_eq!(fs::read(&socket).expect("kept"), b"mine");
}

#[test]
fn a_path_too_long_for_a_socket_is_said_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::create(&folder.path().join("长".repeat(40))).expect("created");
    let error = home.socket().expect_err("too long");
    assert!(error.to_string().contains("shorter path"), "{error}");
}

#[test]
fn an_open_socket_folder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::create(&folder.path().join("home")).expect("created");
    fs::create_dir(home.run_folder()).expect("made");
    set_mode(&home.run_folder(), 0o777);
    let error = home.lock().expect_err("others could put a socket there");
    assert!(
        matches!(error, LockError::Home(HomeError::Access(_))),
        "{error}"
    );
    set_mode(&home.run_folder(), 0o700);
    home.lock().expect("a lock that failed is given up");
}

#[test]
fn a_named_folder_goes_before_the_users_own() {
    let named = Home::locate(Some(PathBuf::from("A"))).expect("named");
    assert_eq!(named, Path::new("A"));
    let own = Home::locate(None).expect("this system has one");
    assert!(own.ends_with("linli"), "{}", own.display());
}
