//! Why the workspace says no.

/// A refusal of an operation. [`Refused::code`] is Slack's word for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant carries its sentence")]
pub enum Refused {
    #[error("There is no such channel, or this person cannot see it.")]
    ChannelNotFound,
    #[error("Only members of this channel may do that.")]
    NotInChannel,
    #[error("The channel is archived.")]
    IsArchived,
    #[error("There is no such message in this channel.")]
    MessageNotFound,
    #[error("There is no such thread in this channel.")]
    ThreadNotFound,
    #[error("This message cannot have replies.")]
    CannotReply,
    #[error("The message has neither text nor blocks.")]
    NoText,
    #[error("The text is too long.")]
    TextTooLong,
    #[error("Only the author of a message may change it.")]
    CantUpdate,
    #[error("Only the author of a message may delete it.")]
    CantDelete,
    #[error("This person has already put that emoji there.")]
    AlreadyReacted,
    #[error("This person has not put that emoji there.")]
    NoReaction,
    #[error("There is no emoji of that name.")]
    InvalidEmoji,
    #[error("This message has too many different emoji.")]
    TooManyEmoji,
    #[error("There is no such person, or the account cannot be seen from here.")]
    UserNotFound,
    #[error("This person is not a member of the channel.")]
    UserNotInChannel,
    #[error("This kind of channel does not allow that.")]
    WrongChannelType,
    #[error("There is no such view.")]
    ViewNotFound,
    #[error("The view has changed since it was read.")]
    HashConflict,
    #[error("No more than three modals may lie on top of each other.")]
    PushLimit,
    #[error("Another view of this person has the same external_id.")]
    DuplicateExternalId,
    #[error("There is no such trigger.")]
    TriggerUnknown,
    #[error("The trigger was valid for three seconds, which are over.")]
    TriggerExpired,
    #[error("The trigger was used before.")]
    TriggerUsed,
    #[error("There is no such user group.")]
    UserGroupNotFound,
    #[error("A channel cannot be shared with the workspace that it belongs to.")]
    OwnTeam,
    #[error("This channel is not shared with that workspace.")]
    NotShared,
    #[error("The app is not installed; POST /emulator/rotate_token installs it again.")]
    NotInstalled,
    #[error("This token is in use, or was before; choose another.")]
    TokenInUse,
    #[error("There is no such file.")]
    FileNotFound,
    #[error("The workspace could not be saved.")]
    NotSaved,
}

impl Refused {
    /// Slack's error code. A Web API method that does not list the code answers its nearest listed one.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ChannelNotFound => "channel_not_found",
            Self::NotInChannel => "not_in_channel",
            Self::IsArchived => "is_archived",
            Self::MessageNotFound => "message_not_found",
            Self::ThreadNotFound => "thread_not_found",
            Self::CannotReply => "cannot_reply_to_message",
            Self::NoText => "no_text",
            Self::TextTooLong => "msg_too_long",
            Self::CantUpdate => "cant_update_message",
            Self::CantDelete => "cant_delete_message",
            Self::AlreadyReacted => "already_reacted",
            Self::NoReaction => "no_reaction",
            Self::InvalidEmoji => "invalid_name",
            Self::TooManyEmoji => "too_many_emoji",
            Self::UserNotFound => "user_not_found",
            Self::UserNotInChannel => "user_not_in_channel",
            Self::WrongChannelType => "method_not_supported_for_channel_type",
            Self::ViewNotFound => "not_found",
            Self::HashConflict => "hash_conflict",
            Self::PushLimit => "push_limit_reached",
            Self::DuplicateExternalId => "duplicate_external_id",
            Self::TriggerUnknown => "invalid_trigger_id",
            Self::TriggerExpired => "expired_trigger_id",
            Self::TriggerUsed => "exchanged_trigger_id",
            Self::UserGroupNotFound => "no_such_subteam",
            Self::OwnTeam => "invalid_team",
            Self::NotShared => "channel_not_shared",
            Self::NotInstalled => "app_not_installed",
            Self::TokenInUse => "token_in_use",
            Self::FileNotFound => "file_not_found",
            Self::NotSaved => "fatal_error",
        }
    }
}
