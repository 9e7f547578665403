//! Stories: people with verbs, a fake clock and the emulator, against the real pipeline.
