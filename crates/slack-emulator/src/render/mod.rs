//! The workspace as Slack writes it in JSON. Slack shows one message with different keys in different places;
//! [`Surface`] says where it goes.

mod channel;
mod message;
mod person;
mod view;

pub(crate) use channel::channel;
pub(crate) use message::{Surface, ephemeral, file, message};
pub(crate) use person::{bot, person};
pub(crate) use view::{view, view_without_blocks};
