//! `countersign init`, and `countersign check` as a doctor, on a workspace.

mod doctor;
mod init;
